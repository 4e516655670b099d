package io.sluice.house;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.conditions.ArchConditions;
import com.tngtech.archunit.lang.syntax.elements.GivenClassesConjunction;
import java.util.Arrays;

/** Imports go one way: jobs to operators to dpu-sim to xir-model, and schemas at the edge. */
@AnalyzeClasses(packages = "io.sluice", importOptions = ImportOption.DoNotIncludeTests.class)
class ImportRulesTest {
  private static final String[] XIR_MODEL =
      rooms("error", "xir", "onnx", "target", "optimize", "quantize", "compile", "inspect", "isa");
  private static final String[] DPU_SIM =
      rooms("dpu", "ort", "vart", "fleet", "dispatch", "xrm", "trace");
  private static final String[] OPERATORS = rooms("aks", "flink");
  private static final String[] JOBS = rooms("jobs", "cli", "report");
  private static final String SCHEMAS = "io.sluice.schemas..";

  private static String[] rooms(String... names) {
    String[] packages = new String[names.length];
    for (int i = 0; i < names.length; i++) {
      packages[i] = "io.sluice." + names[i] + "..";
    }
    return packages;
  }

  private static GivenClassesConjunction noClassIn(String... packages) {
    return noClasses().that().resideInAnyPackage(packages);
  }

  private static GivenClassesConjunction noClassOutside(String[]... rooms) {
    DescribedPredicate<JavaClass> inside = DescribedPredicate.alwaysFalse();
    for (String[] packages : rooms) {
      inside = inside.or(resideInAnyPackage(packages));
    }
    return noClasses().that(not(inside));
  }

  @ArchTest
  static final ArchRule EVERY_CLASS_LIVES_IN_A_KNOWN_ROOM =
      classes()
          .should(
              ArchConditions.resideInAnyPackage(
                  concat(XIR_MODEL, DPU_SIM, OPERATORS, JOBS, new String[] {SCHEMAS})));

  private static String[] concat(String[]... parts) {
    return Arrays.stream(parts).flatMap(Arrays::stream).toArray(String[]::new);
  }

  @ArchTest
  static final ArchRule XIR_MODEL_KNOWS_NO_OTHER_ROOM =
      noClassIn(XIR_MODEL)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(concat(DPU_SIM, OPERATORS, JOBS, new String[] {SCHEMAS}));

  @ArchTest
  static final ArchRule DPU_SIM_KNOWS_XIR_MODEL_ONLY =
      noClassIn(DPU_SIM)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(concat(OPERATORS, JOBS, new String[] {SCHEMAS}));

  @ArchTest
  static final ArchRule OPERATORS_KNOW_NO_JOB =
      noClassIn(OPERATORS)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(JOBS)
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule SCHEMAS_KNOW_NO_OTHER_ROOM =
      noClassIn(SCHEMAS)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(concat(XIR_MODEL, DPU_SIM, OPERATORS, JOBS));

  @ArchTest
  static final ArchRule ONLY_OPERATORS_AND_JOBS_IMPORT_FLINK =
      noClassOutside(OPERATORS, JOBS)
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.flink..");

  @ArchTest
  static final ArchRule ONLY_JOBS_IMPORTS_KAFKA_AND_PICOCLI =
      noClassOutside(JOBS)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.apache.kafka..", "kafka..", "org.apache.flink.connector.kafka..", "picocli..");

  @ArchTest
  static final ArchRule KERNELS_ARE_PLAIN_JAVA =
      noClassIn("io.sluice.aks.kernel..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.flink..", "org.apache.avro..", SCHEMAS)
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule PACKAGES_HAVE_NO_CYCLES =
      slices().matching("io.sluice.(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule ONLY_THE_ROOT_COMMAND_ENDS_THE_PROCESS_OR_TAKES_ITS_STREAMS =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName("io.sluice.cli.Main")
          .should()
          .callMethod(System.class, "exit", int.class)
          .orShould()
          .accessField(System.class, "out")
          .orShould()
          .accessField(System.class, "err");

  @ArchTest
  static final ArchRule NO_STATIC_FIELD_CAN_BE_SET =
      fields()
          .that()
          .areStatic()
          .and()
          .areDeclaredInClassesThat()
          .resideOutsideOfPackage("io.sluice..proto..")
          .should()
          .beFinal();
}
