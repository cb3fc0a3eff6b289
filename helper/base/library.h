/*
 * library: a shared library that is loaded by who needs it, when he does.
 *
 * What is large (libssh2, libcurl, libsecret, …) is not linked: a program
 * that git starts four times an operation must not pay for it. A library that
 * is missing is a source that is unavailable, never a failure to start. It
 * stays loaded until the process ends.
 */
#ifndef LIBRARY_H
#define LIBRARY_H

#include "helper/base/error.h"

#include <stdbool.h>
#include <stddef.h>

/* One function of it, and the function pointer that shall point at it. */
struct library_symbol {
	const char *name;
	void *pointer; /* &pointer, of any function type */
	bool optional; /* left as it is where this version has it not */
};

/*
 * dlopen(3) soname and set every pointer; symbols of the libraries that it
 * needs itself are found as well. Returns -1 with ERROR_UNAVAILABLE, naming
 * the library and, where it has one of them not, the function; then no
 * pointer is to be used.
 */
int library_open(const char *soname, const struct library_symbol *symbols,
	size_t count, struct error *err);

/*
 * LIBRARY_NOTE(feature, soname, description): an ELF note that tells packagers
 * of a dlopen (uapi-group.org, "ELF note for dlopen()": vendor FDO, type
 * 0x407c0c0a, a JSON array). The strings are literals without quotes.
 */
#define LIBRARY_NOTE(feature_, soname_, description_)                          \
	LIBRARY_NOTE_JSON(feature_,                                            \
		"[{\"feature\":\"" #feature_                                   \
		"\",\"description\":\"" description_                           \
		"\",\"priority\":\"recommended\",\"soname\":[\"" soname_       \
		"\"]}]")
#define LIBRARY_NOTE_JSON(feature_, json_)                                     \
	static const struct {                                                  \
		unsigned namesz, descsz, type;                                 \
		char name[4];                                                  \
		char desc[sizeof(json_)];                                      \
	} library_note_##feature_ __attribute__((                              \
		used, section(".note.dlopen"), aligned(4))) = { 4,             \
		sizeof(json_), 0x407c0c0a, "FDO", json_ }

#endif
