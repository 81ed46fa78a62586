/** The live page: a page for people, and the numbers that it is sent every second. */
@NullMarked
package keygate.manage.live;

import org.jspecify.annotations.NullMarked;
