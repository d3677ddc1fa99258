/* The files of report/assets/, compiled in; the build makes the definitions. */
#pragma once

/* The style sheet of the HTML pages, and its SHA-256 in base64. */
extern const char report_css[], report_css_sha256[];
