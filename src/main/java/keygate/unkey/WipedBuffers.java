package keygate.unkey;

import com.fasterxml.jackson.core.util.BufferRecycler;
import com.fasterxml.jackson.core.util.RecyclerPool;
import java.util.Arrays;

/** Jackson's buffers, kept for each thread, and wiped as soon as they are given back: keys were written into them. */
final class WipedBuffers extends RecyclerPool.ThreadLocalPoolBase<BufferRecycler> {
    private static final long serialVersionUID = 1;

    private static final ThreadLocal<BufferRecycler> KEPT = ThreadLocal.withInitial(Wiped::new);

    @Override
    public BufferRecycler acquirePooled() {
        return KEPT.get();
    }

    /** Those of one thread. */
    private static final class Wiped extends BufferRecycler {
        @Override
        public void releaseByteBuffer(int kind, byte[] buffer) {
            Arrays.fill(buffer, (byte) 0);
            super.releaseByteBuffer(kind, buffer);
        }

        @Override
        public void releaseCharBuffer(int kind, char[] buffer) {
            Arrays.fill(buffer, '\0');
            super.releaseCharBuffer(kind, buffer);
        }
    }
}
