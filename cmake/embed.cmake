# embed(NAME FILE HEADER OUT): the bytes of FILE as the C array NAME, ended by a NUL, which HEADER (a path from the
# root) declares. OUT gets the path of the C file.
function(embed name file header out)
	set(path ${CMAKE_CURRENT_SOURCE_DIR}/${file})
	set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${path})
	file(READ ${path} bytes HEX)
	string(REGEX REPLACE "(................................)" "\\1\n\t" bytes "${bytes}")
	string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," bytes "${bytes}")
	file(CONFIGURE OUTPUT ${name}.c @ONLY CONTENT [[
/* Made by CMake from @file@. */
#include "@header@"

const char @name@[] = {
	@bytes@'\0'};
]])
	set(${out} ${CMAKE_CURRENT_BINARY_DIR}/${name}.c PARENT_SCOPE)
endfunction()
