package io.collapsewatch.launcher;

import io.collapsewatch.agent.capture.CannotListenException;
import io.collapsewatch.agent.recording.UnreadableRecordingException;
import io.collapsewatch.dashboard.history.HistoryException;
import io.collapsewatch.launcher.broker.RefusedStartException;
import io.collapsewatch.protocol.saved.UnreadablePassException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.apache.kafka.common.KafkaException;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command line. Exit codes: 0 done, 1 the answer is no, 2 bad usage or input. */
@Command(
    name = "collapsewatch",
    description = "Watches neural collapse happen in a live training run.",
    subcommands = {
      DemoCommand.class,
      UpCommand.class,
      AgentCommand.class,
      AnalyzerCommand.class,
      DashboardCommand.class,
      MeasureCommand.class,
      ReplayCommand.class,
      SimulateCommand.class,
      TailCommand.class,
      DoctorCommand.class
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    scope = ScopeType.INHERIT,
    sortOptions = false,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:done", "1:the answer is no", "2:bad usage or input, said in one sentence"})
public final class Main implements Runnable {

  static final int DONE = 0;
  static final int NO = 1;
  static final int BAD_INPUT = 2;

  @Spec private CommandSpec spec;

  /** Runs a command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    System.setOut(utf8(FileDescriptor.out));
    System.setErr(utf8(FileDescriptor.err));
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    int exitCode = run(System.getenv(), out, err, arguments);
    if (out.checkError()) {
      err.println("collapsewatch: not all output could be written");
      exitCode = BAD_INPUT;
    }
    System.exit(exitCode);
  }

  /** The commands and their options, as they are read. */
  static CommandLine commands() {
    return new CommandLine(new Main())
        .setUsageHelpWidth(100)
        .setCaseInsensitiveEnumValuesAllowed(true);
  }

  /** Runs a command; its exit code. */
  static int run(
      Map<String, String> environment, PrintWriter out, PrintWriter err, String... arguments) {
    CommandLine commands =
        commands()
            .setOut(out)
            .setErr(err)
            .setParameterExceptionHandler(Main::badUsage)
            .setExecutionExceptionHandler(Main::failed);
    try {
      commands.setDefaultValueProvider(Settings.of(commands, environment, arguments));
    } catch (ParameterException e) {
      return badUsage(e, arguments);
    }
    return commands.execute(arguments);
  }

  @Option(
      names = "--config",
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      description =
          "Properties file with values for options that no flag gives; the environment's"
              + " COLLAPSEWATCH_… go before it.")
  void config(Path file) {
    // Settings has read it: the values are needed before the options are.
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "no command given");
  }

  private static int badUsage(ParameterException e, String... arguments) {
    CommandLine command = e.getCommandLine();
    String name = command.getCommandSpec().qualifiedName();
    command.getErr().printf("%s: %s; see %s --help%n", name, e.getMessage(), name);
    return BAD_INPUT;
  }

  private static int failed(Exception e, CommandLine command, ParseResult arguments) {
    String name = command.getCommandSpec().qualifiedName();
    if (e instanceof RefusedStartException
        || e instanceof CannotListenException
        || e instanceof io.collapsewatch.dashboard.api.CannotListenException
        || e instanceof HistoryException
        || e instanceof UnreadablePassException
        || e instanceof UnreadableRecordingException) {
      command.getErr().printf("%s: %s%n", name, e.getMessage());
    } else if (e instanceof KafkaException) {
      Throwable reason = e.getCause() == null ? e : e.getCause();
      command.getErr().printf("%s: Kafka: %s%n", name, reason.getMessage());
    } else {
      LoggerFactory.getLogger(Main.class).error("{} ended by a defect of its own", name, e);
    }
    return BAD_INPUT;
  }

  /** UTF-8 whatever the locale: so are JSON and the tables. */
  private static PrintStream utf8(FileDescriptor descriptor) {
    return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
  }

  /** The version in the manifest of the jar. */
  static final class Version implements IVersionProvider {

    static String text() {
      String version = Main.class.getPackage().getImplementationVersion();
      return version == null ? "unpackaged" : version;
    }

    @Override
    public String[] getVersion() {
      return new String[] {"CollapseWatch " + text()};
    }
  }
}
