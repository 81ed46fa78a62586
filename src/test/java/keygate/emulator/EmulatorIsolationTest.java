package keygate.emulator;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The emulator shares no class with the client it is there to test, and its packages depend one way. */
final class EmulatorIsolationTest {
    private final JavaClasses emulator = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("keygate.emulator");

    @Test
    void nothingElseOfTheProjectIsUsed() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "keygate.emulator..",
                        "java..",
                        "io.vertx..",
                        "com.fasterxml.jackson..",
                        "org.yaml.snakeyaml..",
                        "org.jspecify..",
                        "org.slf4j..")
                .check(emulator);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("keygate.(**)").should().beFreeOfCycles().check(emulator);
    }
}
