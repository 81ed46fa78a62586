package keygate.emulator.schema;

/**
 * Where a check is: in the value, and in the schema.
 *
 * @param pointer the JSON pointer into the value
 * @param location the keyword location in the schema
 */
public record Place(String pointer, String location) {
    /** The start of both. */
    public static final Place ROOT = new Place("", "");

    /** The place of a property of the object here. */
    public Place property(String name) {
        return new Place(pointer + "/" + name, location + "/properties/" + name);
    }

    /** The place of an item of the list here. */
    public Place item(int index) {
        return new Place(pointer + "/" + index, location + "/items");
    }

    Finding broken(String keyword, String message, String fix) {
        return new Finding(pointer, location + "/" + keyword, message, fix);
    }
}
