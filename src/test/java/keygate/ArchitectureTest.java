package keygate;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The rooms keep their walls: a step knows only the steps before it, the middle is pure, the emulator stands apart. */
final class ArchitectureTest {
    private static final List<String> STEPS =
            List.of("accept", "find", "identify", "judge", "limit", "modify", "proxy", "report");
    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("keygate");

    private static Stream<String> steps() {
        return STEPS.stream();
    }

    private static String[] packages(List<String> names) {
        return names.stream().map(name -> "keygate." + name + "..").toArray(String[]::new);
    }

    @Test
    void theStepsAreInAlphabeticalOrderSoThatTheFolderListingIsTheJourney() {
        assertThat(STEPS).isSorted();
        assertThat(MAIN.stream().map(JavaClass::getPackageName))
                .containsAll(steps().map(s -> "keygate." + s).toList());
    }

    @ParameterizedTest
    @MethodSource("steps")
    void aStepImportsOnlyWhatSortsBeforeIt(String step) {
        List<String> allowed = new ArrayList<>(STEPS.subList(0, STEPS.indexOf(step) + 1));
        noClasses()
                .that()
                .resideInAPackage("keygate." + step + "..")
                .should()
                .dependOnClassesThat(foreignTo(allowed))
                .check(MAIN);
    }

    private static DescribedPredicate<JavaClass> foreignTo(List<String> allowed) {
        return JavaClass.Predicates.resideInAPackage("keygate..")
                .and(DescribedPredicate.not(JavaClass.Predicates.resideInAnyPackage(packages(allowed))));
    }

    @Test
    void theManagementLooksAtTheStepsAndNoStepAtIt() {
        List<String> allowed = new ArrayList<>(STEPS);
        allowed.add("manage");
        noClasses()
                .that()
                .resideInAPackage("keygate.manage..")
                .should()
                .dependOnClassesThat(foreignTo(allowed))
                .check(MAIN);
    }

    @Test
    void theMiddleIsPureJavaWithoutIoOrClocks() {
        noClasses()
                .that()
                .resideInAnyPackage(packages(STEPS.subList(1, 6)))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.vertx..", "io.netty..", "io.micrometer..", "org.slf4j..", "java.net..", "java.nio.file..")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(Instant.class, "now")
                .check(withoutUrlDecoder());
    }

    /** {@code URLDecoder} sits in {@code java.net}, but does no I/O. */
    private static JavaClasses withoutUrlDecoder() {
        return MAIN.that(
                DescribedPredicate.describe("not only decoding", type -> type.getDirectDependenciesFromSelf().stream()
                        .noneMatch(d -> d.getTargetClass().getName().equals("java.net.URLDecoder"))));
    }

    @Test
    void theUnkeyClientKnowsNoStepAfterTheJudge() {
        noClasses()
                .that()
                .resideInAPackage("keygate.unkey..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(packages(
                        List.of("limit", "modify", "proxy", "report", "manage", "config", "cli", "demo", "emulator")))
                .check(MAIN);
    }

    @Test
    void nobodyBelowKnowsTheConfiguration() {
        classes()
                .that()
                .resideInAPackage("keygate.config..")
                .should()
                .onlyHaveDependentClassesThat()
                .resideInAnyPackage("keygate", "keygate.config..", "keygate.cli..", "keygate.demo..")
                .check(MAIN);
    }

    @Test
    void theEmulatorSharesNoClassWithTheRest() {
        noClasses()
                .that()
                .resideInAPackage("keygate.emulator..")
                .should()
                .dependOnClassesThat(JavaClass.Predicates.resideInAPackage("keygate..")
                        .and(DescribedPredicate.not(JavaClass.Predicates.resideInAPackage("keygate.emulator.."))))
                .check(MAIN);
        classes()
                .that()
                .resideInAPackage("keygate.emulator..")
                .should()
                .onlyHaveDependentClassesThat()
                .resideInAnyPackage("keygate.emulator..", "keygate.cli..", "keygate.demo..")
                .check(MAIN);
    }

    @Test
    void nothingImportsTheGatewayButWhatStartsIt() {
        classes()
                .that()
                .haveFullyQualifiedName("keygate.Gateway")
                .should()
                .onlyHaveDependentClassesThat()
                .haveNameMatching("keygate\\.Gateway(Verticle)?(\\$.*)?")
                .check(MAIN);
    }

    @Test
    void packagesFormNoCycle() {
        slices().matching("keygate.(*)..").should().beFreeOfCycles().check(MAIN);
    }
}
