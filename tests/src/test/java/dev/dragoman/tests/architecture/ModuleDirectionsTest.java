package dev.dragoman.tests.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may import whom. */
class ModuleDirectionsTest {
  private static final String BASE = "dev.dragoman.";
  private static final List<String> ORDER =
      List.of("models", "multimodal", "operators", "connectors", "pipelines", "jobs");

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.dragoman");

  @ParameterizedTest(name = "{0} has at least {1} classes to hold the rules against")
  @CsvSource({
    "models, 20",
    "multimodal, 25",
    "operators, 40",
    "connectors, 20",
    "pipelines, 8",
    "jobs, 12"
  })
  void theRulesAreHeldAgainstRealClasses(String module, int atLeast) {
    long classes =
        CLASSES.stream().filter(type -> type.getPackageName().startsWith(BASE + module)).count();
    assertThat(classes).isGreaterThanOrEqualTo(atLeast);
  }

  @Test
  void aModuleKnowsOnlyTheModulesBeforeIt() {
    for (int i = 0; i < ORDER.size(); i++) {
      String[] later =
          ORDER.subList(i + 1, ORDER.size()).stream()
              .map(name -> BASE + name + "..")
              .toArray(String[]::new);
      if (later.length > 0) {
        noClasses()
            .that()
            .resideInAPackage(BASE + ORDER.get(i) + "..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(later)
            .check(CLASSES);
      }
    }
  }

  @Test
  void modelsAndMultimodalKnowNoBeamAndNoFlink() {
    noClasses()
        .that()
        .resideInAnyPackage(BASE + "models..", BASE + "multimodal..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.apache.beam..", "org.apache.flink..")
        .check(CLASSES);
  }

  @Test
  void connectorsKnowTheRecordConfigurationsAndNamesOfMetricsAndNoOperators() {
    DescribedPredicate<JavaClass> operators =
        resideInAPackage(BASE + "operators..")
            .and(
                DescribedPredicate.not(
                    resideInAnyPackage(
                        BASE + "operators.record..",
                        BASE + "operators.config..",
                        BASE + "operators.metrics..")))
            .as("operators outside operators.record, operators.config and operators.metrics");
    noClasses()
        .that()
        .resideInAPackage(BASE + "connectors..")
        .should()
        .dependOnClassesThat(operators)
        .check(CLASSES);
  }

  @Test
  void theRecordIsPlainJava() {
    noClasses()
        .that()
        .resideInAPackage(BASE + "operators.record")
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("org.apache..", "com.fasterxml..", BASE + "models..")
                .as("libraries"))
        .check(CLASSES);
  }

  @Test
  void onlyOnePackageImportsTheIncubatingVectorModule() {
    noClasses()
        .that()
        .resideOutsideOfPackage(BASE + "models.kernel.vector..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("jdk.incubator.vector..")
        .check(CLASSES);
  }

  @Test
  void onlyJobsAndPipelinesKnowFlink() {
    noClasses()
        .that()
        .resideInAnyPackage(BASE + "operators..", BASE + "connectors..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.apache.flink..")
        .check(CLASSES);
  }

  @Test
  void theModulesHaveNoCycles() {
    SlicesRuleDefinition.slices()
        .matching("dev.dragoman.(*)..")
        .should()
        .beFreeOfCycles()
        .check(CLASSES);
  }
}
