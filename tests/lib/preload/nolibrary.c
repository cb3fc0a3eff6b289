/*
 * LD_PRELOAD: there is no libssh2 on this machine.
 */
#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

void *dlopen(const char *name, int flags)
{
	void *(*real)(const char *, int);

	if (name && strstr(name, "libssh2"))
		name = "libssh2.so.none";
	*(void **)&real = dlsym(RTLD_NEXT, "dlopen");
	return real(name, flags);
}
