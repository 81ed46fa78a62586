package keygate.emulator;

import keygate.emulator.wire.Refusal;
import keygate.emulator.wire.Reply;

/** What is done at one path. */
@FunctionalInterface
interface Operation {
    /** Does it and answers, or throws a {@link Refusal}. */
    Reply answer(Asked asked);
}
