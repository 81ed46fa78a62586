package keygate.emulator.schema;

/**
 * One thing wrong with a JSON value.
 *
 * @param pointer where in the value, as a JSON pointer; empty for the root
 * @param location which rule was broken, as a JSON schema keyword location
 * @param message what is wrong; never repeats the value
 * @param fix how to mend it
 */
public record Finding(String pointer, String location, String message, String fix) {}
