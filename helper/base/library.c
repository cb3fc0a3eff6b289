#include "helper/base/library.h"

#include "helper/base/deadline.h"
#include "helper/base/trace.h"

#include <dlfcn.h>
#include <stdint.h>
#include <string.h>

static int library_bind(void *handle, const char *soname,
	const struct library_symbol *symbol, struct error *err)
{
	void *address = dlsym(handle, symbol->name);

	if (!address && symbol->optional)
		return 0;
	if (!address)
		return error_set(err, ERROR_UNAVAILABLE,
			"%s is too old: it has no %s", soname, symbol->name);
	/* POSIX has them the same size, C has no cast between them. */
	memcpy(symbol->pointer, &address, sizeof(address));
	return 0;
}

int library_open(const char *soname, const struct library_symbol *symbols,
	size_t count, struct error *err)
{
	int64_t began = deadline_micros();
	void *handle = dlopen(soname, RTLD_NOW | RTLD_LOCAL);

	if (!handle) {
		const char *why = dlerror();

		return error_set(err, ERROR_UNAVAILABLE,
			"%s cannot be loaded: %s", soname,
			why ? why : "no reason given");
	}
	for (size_t i = 0; i < count; i++) {
		if (library_bind(handle, soname, &symbols[i], err) < 0) {
			dlclose(handle);
			return -1;
		}
	}
	trace_event("library.open", TRACE_STR("library", soname),
		TRACE_SINCE("ms", began));
	return 0;
}
