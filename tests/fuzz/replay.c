/*
 * replay: a main for a fuzz target where there is no libFuzzer.
 *
 *   fuzz_foo [FILE|DIRECTORY...]
 *
 * Without arguments it takes tests/fuzz/corpus/foo, from the tree's root.
 * Gives each file, and each file directly in a directory, to the target once,
 * and prints TAP: one line for each argument, with the count of files. An
 * argument without any file, and one that cannot be read, is a failure.
 */
#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Exactly as many bytes as the file has, so that sanitizers see the end. */
static uint8_t *read_file(const char *path, size_t *size)
{
	uint8_t *data = NULL;
	struct stat st;
	FILE *f = fopen(path, "rb");

	if (!f)
		return NULL;
	if (!fstat(fileno(f), &st)) {
		*size = (size_t)st.st_size;
		data = malloc(*size ? *size : 1);
	}
	if (data && fread(data, 1, *size, f) != *size) {
		free(data);
		data = NULL;
	}
	fclose(f);
	return data;
}

static int replay_file(const char *path)
{
	size_t size = 0;
	uint8_t *data = read_file(path, &size);

	if (!data) {
		printf("# %s: %s\n", path, strerror(errno));
		return -1;
	}
	/* Before, and at once: it names the input should that crash. */
	printf("# %s\n", path);
	fflush(stdout);
	LLVMFuzzerTestOneInput(data, size);
	free(data);
	return 1;
}

/* How many files; -1 where one of them cannot be read. */
static int replay_dir(const char *path)
{
	struct dirent **names;
	char file[4096];
	int n = scandir(path, &names, NULL, alphasort), count = 0, i;
	struct stat st;

	if (n < 0) {
		printf("# %s: %s\n", path, strerror(errno));
		return -1;
	}
	for (i = 0; i < n; i++) {
		snprintf(file, sizeof(file), "%s/%s", path, names[i]->d_name);
		free(names[i]);
		if (count < 0 || stat(file, &st) || !S_ISREG(st.st_mode))
			continue;
		count = replay_file(file) < 0 ? -1 : count + 1;
	}
	free(names);
	return count;
}

/* Without arguments: fuzz_foo replays tests/fuzz/corpus/foo. */
static char *default_corpus(const char *self)
{
	static char path[4096];
	const char *slash = strrchr(self, '/');
	const char *name = slash ? slash + 1 : self;

	snprintf(path, sizeof(path), "tests/fuzz/corpus/%s",
		strncmp(name, "fuzz_", 5) ? name : name + 5);
	return path;
}

int main(int argc, char **argv)
{
	char *corpus[] = { argv[0], NULL };
	int failed = 0, i, n;
	struct stat st;

	if (argc < 2) {
		corpus[1] = default_corpus(argv[0]);
		argv = corpus;
		argc = 2;
	}
	printf("1..%d\n", argc - 1);
	for (i = 1; i < argc; i++) {
		if (!stat(argv[i], &st) && S_ISDIR(st.st_mode))
			n = replay_dir(argv[i]);
		else
			n = replay_file(argv[i]);
		failed |= n <= 0;
		printf("%sok %d - %s: %d files\n", n > 0 ? "" : "not ", i,
			argv[i], n > 0 ? n : 0);
	}
	return failed;
}
