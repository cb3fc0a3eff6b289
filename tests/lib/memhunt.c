/*
 * memhunt: where in a process's memory is a secret?
 *
 *	memhunt -f FILE [-o REPORT] -p PID
 *	memhunt -f FILE [-o REPORT] command [argument…]
 *
 * Each line of FILE is one secret. The memory is that of PID as it is now, or
 * that of the command when it exits, before the kernel takes its memory away.
 * The report (stdout without -o) has a line for each mapping that holds one:
 *
 *	LINE-OF-FILE COUNT MAPPING FLAGS
 *
 * where MAPPING is [heap], [stack], a path, or "anonymous", and FLAGS is what
 * protects it, of lo (locked), dd (not in core dumps), wf (wiped on fork), with
 * commas between, or "bare". Exits with 3 where there was nothing to look at,
 * else with 0, or as the command did.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#define MEMHUNT_SECRETS 64

struct memhunt {
	char *secrets[MEMHUNT_SECRETS];
	size_t lengths[MEMHUNT_SECRETS];
	size_t count;
	FILE *report;
	long mappings; /* how many were looked through */
};

struct memhunt_mapping {
	unsigned long from, to;
	char name[512];
	char flags[16];
};

static void memhunt_load(struct memhunt *h, const char *path)
{
	FILE *f = fopen(path, "re");
	char *line = NULL;
	size_t size = 0;
	ssize_t n;

	if (!f)
		err(125, "%s", path);
	while ((n = getline(&line, &size, f)) > 0) {
		if (line[n - 1] == '\n')
			n--;
		if (!n || h->count == MEMHUNT_SECRETS)
			errx(125, "%s: an empty line, or too many", path);
		h->lengths[h->count] = (size_t)n;
		h->secrets[h->count++] = line;
		line = NULL;
	}
	free(line);
	fclose(f);
}

static void memhunt_mapping(
	struct memhunt *h, int mem, const struct memhunt_mapping *m)
{
	size_t size = m->to - m->from;
	char *bytes = malloc(size);
	ssize_t got = bytes ? pread(mem, bytes, size, (off_t)m->from) : -1;

	/* [vvar] and the like cannot be read, and hold nothing */
	for (size_t i = 0; got > 0 && i < h->count; i++) {
		const char *p = bytes, *end = bytes + got;
		unsigned count = 0;

		while ((p = memmem(p, (size_t)(end - p), h->secrets[i],
				h->lengths[i]))) {
			count++;
			p++;
		}
		if (count)
			fprintf(h->report, "%zu %u %s %s\n", i + 1, count,
				m->name, m->flags);
	}
	h->mappings += got > 0;
	free(bytes);
}

/* "VmFlags: rd wr mr mw me ac lo dd wf": what of it protects. */
static void memhunt_flags(struct memhunt_mapping *m, const char *line)
{
	static const char *const known[] = { " lo", " dd", " wf" };

	m->flags[0] = '\0';
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (!strstr(line, known[i]))
			continue;
		if (m->flags[0])
			strcat(m->flags, ",");
		strcat(m->flags, known[i] + 1);
	}
	if (!m->flags[0])
		strcpy(m->flags, "bare");
}

/* /proc/PID/smaps: a head for each mapping, then lines, the last VmFlags. */
static void memhunt_process(struct memhunt *h, pid_t pid)
{
	char path[64], line[1024], access[8];
	struct memhunt_mapping m = { .from = 0 };
	FILE *smaps;
	int mem;

	snprintf(path, sizeof(path), "/proc/%ld/mem", (long)pid);
	mem = open(path, O_RDONLY | O_CLOEXEC);
	snprintf(path, sizeof(path), "/proc/%ld/smaps", (long)pid);
	smaps = fopen(path, "re");
	if (mem < 0 || !smaps)
		err(3, "%s", path);
	while (fgets(line, sizeof(line), smaps)) {
		struct memhunt_mapping next = { .from = 0 };
		int n = sscanf(line, "%lx-%lx %7s %*s %*s %*s %511s",
			&next.from, &next.to, access, next.name);

		if (n >= 3 && next.to > next.from) {
			m = next;
			if (n < 4)
				strcpy(m.name, "anonymous");
		} else if (!strncmp(line, "VmFlags:", 8)) {
			memhunt_flags(&m, line);
			memhunt_mapping(h, mem, &m);
		}
	}
	fclose(smaps);
	close(mem);
}

static void memhunt_child(char **argv)
{
	if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) < 0)
		err(125, "ptrace");
	raise(SIGSTOP);
	execvp(argv[0], argv);
	err(125, "%s", argv[0]);
}

/* Returns the command's exit status. */
static int memhunt_command(struct memhunt *h, char **argv)
{
	long exits = PTRACE_O_TRACEEXIT | PTRACE_O_EXITKILL;
	pid_t pid = fork();
	int status = 0;

	if (pid < 0)
		err(125, "fork");
	if (pid == 0)
		memhunt_child(argv);
	if (waitpid(pid, &status, 0) < 0 || !WIFSTOPPED(status) ||
		ptrace(PTRACE_SETOPTIONS, pid, NULL, exits) < 0)
		err(125, "ptrace");
	while (!ptrace(PTRACE_CONT, pid, NULL,
		WIFSTOPPED(status) && status >> 16 == 0 &&
				WSTOPSIG(status) != SIGSTOP &&
				WSTOPSIG(status) != SIGTRAP
			? (long)WSTOPSIG(status)
			: 0L)) {
		if (waitpid(pid, &status, 0) < 0 || !WIFSTOPPED(status))
			break;
		if (status >> 16 == PTRACE_EVENT_EXIT)
			memhunt_process(h, pid);
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : 125;
}

int main(int argc, char **argv)
{
	struct memhunt h = { .report = stdout };
	pid_t pid = 0;
	int option, status = 0;

	while ((option = getopt(argc, argv, "+f:o:p:")) != -1) {
		if (option == 'f')
			memhunt_load(&h, optarg);
		else if (option == 'o')
			h.report = fopen(optarg, "we");
		else if (option == 'p')
			pid = (pid_t)strtol(optarg, NULL, 10);
		else
			return 125;
	}
	if (!h.report || !h.count || (!pid && optind >= argc))
		errx(125, "see the head of memhunt.c");
	if (pid)
		memhunt_process(&h, pid);
	else
		status = memhunt_command(&h, argv + optind);
	if (fclose(h.report) != 0)
		err(125, "the report");
	return h.mappings ? status : 3;
}
