package io.collapsewatch.launcher;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/**
 * Where an option gets its value when no flag gives it: {@code --agent-port} from the environment's
 * {@code COLLAPSEWATCH_AGENT_PORT}, else from {@code agent-port} in the file of {@code --config}.
 */
final class Settings implements IDefaultValueProvider {

  private static final String PREFIX = "COLLAPSEWATCH_";

  private final Map<String, String> environment;
  private final Properties file;

  private Settings(Map<String, String> environment, Properties file) {
    this.environment = environment;
    this.file = file;
  }

  /**
   * Finds the file among the arguments and reads it.
   *
   * @throws ParameterException if it cannot be read or has a key that is no option of any command
   */
  static Settings of(CommandLine commands, Map<String, String> environment, String... arguments) {
    Path path = configFile(commands, environment, arguments);
    if (path == null) {
      return new Settings(environment, new Properties());
    }
    Properties file = PropertiesFile.read(commands, "--config", path);
    requireKnown(commands, path, file);
    return new Settings(environment, file);
  }

  @Override
  public String defaultValue(ArgSpec argument) {
    if (!(argument instanceof OptionSpec option) || option.usageHelp() || option.versionHelp()) {
      return null;
    }
    String key = key(option);
    String value = environment.get(PREFIX + key.toUpperCase(Locale.ROOT).replace('-', '_'));
    return value == null ? file.getProperty(key) : value;
  }

  private static Path configFile(
      CommandLine commands, Map<String, String> environment, String... arguments) {
    ConfigOption option = new ConfigOption();
    try {
      new CommandLine(option).setUnmatchedArgumentsAllowed(true).parseArgs(arguments);
    } catch (ParameterException e) {
      throw new ParameterException(commands, e.getMessage(), e);
    }
    String fallback = environment.get(PREFIX + "CONFIG");
    return option.file == null && fallback != null ? Path.of(fallback) : option.file;
  }

  private static void requireKnown(CommandLine commands, Path path, Properties file) {
    Set<String> known = new TreeSet<>();
    for (CommandLine command : commands.getSubcommands().values()) {
      command.getCommandSpec().options().forEach(option -> known.add(key(option)));
    }
    for (String key : file.stringPropertyNames()) {
      if (!known.contains(key)) {
        throw new ParameterException(
            commands,
            "%s sets %s, which is no option of any command; expected one of %s"
                .formatted(path, key, String.join(", ", known)));
      }
    }
  }

  private static String key(OptionSpec option) {
    return option.longestName().substring("--".length());
  }

  /** Reads one option and leaves the rest to the commands. */
  @Command
  private static final class ConfigOption {
    @Option(names = "--config")
    private Path file;
  }
}
