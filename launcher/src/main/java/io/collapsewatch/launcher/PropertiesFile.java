package io.collapsewatch.launcher;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Properties;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Reads the properties files that options name. */
final class PropertiesFile {

  private PropertiesFile() {}

  /**
   * @param option that names the file, for the sentence
   * @throws ParameterException if it cannot be read
   */
  static Properties read(CommandLine command, String option, Path file) {
    try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      Properties properties = new Properties();
      properties.load(reader);
      return properties;
    } catch (IOException | IllegalArgumentException e) {
      String why = e instanceof NoSuchFileException ? "there is no such file" : e.toString();
      throw new ParameterException(
          command, "cannot read %s %s (%s)".formatted(option, file, why), e);
    }
  }
}
