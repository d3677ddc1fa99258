/* The one piece of global state: which signal asked us to end. */
#pragma once

#include <stdint.h>

/* From now on SIGINT, SIGTERM, SIGHUP and SIGPIPE are noted instead of ending the process at once,
 * so that children are ended and private directories removed on the way out. */
void interrupt_install(void);

/* Be interrupted, with SIGALRM, when so many milliseconds are over, in place of what was said
 * before; 0: not any more. What has arrived by then stays. */
void interrupt_after(int64_t ms);

/* The signal that arrived, or 0; SIGALRM when the time of interrupt_after() is over. */
int interrupt_signal(void);

/* The signal that arrived, or 0: from now on as if none had. */
int interrupt_take(void);

/* End the process by the signal that arrived, as if we had never caught it; returns when none did.
 */
void interrupt_reraise(void);
