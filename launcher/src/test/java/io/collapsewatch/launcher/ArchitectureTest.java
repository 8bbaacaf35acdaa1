package io.collapsewatch.launcher;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Who may know whom. */
class ArchitectureTest {

  private static final JavaClasses PRODUCT =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.collapsewatch");

  @Test
  void theModulesShareTheProtocolAndNothingElse() {
    for (String[] pair :
        new String[][] {{"agent", "analyzer"}, {"agent", "dashboard"}, {"analyzer", "dashboard"}}) {
      noClasses()
          .that()
          .resideInAPackage(module(pair[0]))
          .should()
          .dependOnClassesThat()
          .resideInAPackage(module(pair[1]))
          .check(PRODUCT);
      noClasses()
          .that()
          .resideInAPackage(module(pair[1]))
          .should()
          .dependOnClassesThat()
          .resideInAPackage(module(pair[0]))
          .allowEmptyShould(true)
          .check(PRODUCT);
    }
    noClasses()
        .that()
        .resideOutsideOfPackage(module("launcher"))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(module("launcher"))
        .check(PRODUCT);
  }

  @Test
  void theProtocolNeedsAJsonLibraryAndNothingElse() {
    classes()
        .that()
        .resideInAPackage(module("protocol"))
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage("java..", "com.fasterxml.jackson..", "io.collapsewatch.protocol.."))
        .check(PRODUCT);
  }

  @Test
  void onlyTheEdgesKnowKafka() {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            "io.collapsewatch.analyzer",
            "io.collapsewatch.analyzer.stream..",
            "io.collapsewatch.agent",
            "io.collapsewatch.agent.publish..",
            "io.collapsewatch.dashboard.feed..",
            "io.collapsewatch.launcher..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.apache.kafka..", "kafka..")
        .check(PRODUCT);
  }

  @Test
  void onlyLinalgKnowsEjml() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.collapsewatch.analyzer.linalg..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.ejml..")
        .check(PRODUCT);
  }

  @Test
  void onlyTheServersKnowJavalin() {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            "io.collapsewatch.agent.capture..", "io.collapsewatch.dashboard.api..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.javalin..")
        .check(PRODUCT);
  }

  @Test
  void noPackagesDependOnEachOtherInACircle() {
    slices().matching("io.collapsewatch.(**)").should().beFreeOfCycles().check(PRODUCT);
  }

  private static String module(String name) {
    return "io.collapsewatch.%s..".formatted(name);
  }
}
