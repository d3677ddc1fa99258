/* The one piece of global state: which signal asked us to end. */
#pragma once

/* From now on SIGINT, SIGTERM, SIGHUP and SIGPIPE are noted instead of ending the process at once,
 * so that children are ended and private directories removed on the way out. */
void interrupt_install(void);

/* The signal that arrived, or 0. */
int interrupt_signal(void);

/* The signal that arrived, or 0: from now on as if none had. */
int interrupt_take(void);

/* End the process by the signal that arrived, as if we had never caught it; returns when none did.
 */
void interrupt_reraise(void);
