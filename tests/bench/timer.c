/*
 * timer: how long programs take from their start to their end, in turns.
 *
 *	timer -n ROUNDS NAME [<STDIN] [VARIABLE=VALUE]… PROGRAM [ARGUMENT]… --
 *		NAME …
 *
 * Each round starts every program once, in an order of its own, so that a slow
 * moment of the machine, and what a program leaves behind in the caches, fall
 * on all of them. What is compared is therefore the ratio to the first program
 * within a round, and of those ratios the median; the absolute times are of
 * this machine and this moment.
 *
 * Prints one line of JSON a program: times in milliseconds, memory in KiB.
 * stdout and stderr of the programs go to /dev/null. A program whose exit
 * status changes between rounds ends it all: a time is of one thing.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PROGRAMS_MAX 24
#define ROUNDS_MAX 5000
#define WARM_UP 5
#define DEADLINE_S 60

struct program {
	const char *name, *in;
	char **argv, **env;
	int status; /* as wait(2) has it */
	long rss; /* the largest, KiB */
	double *ms;
};

static struct program programs[PROGRAMS_MAX];
static size_t count;

static void die(const char *what, const char *which)
{
	fprintf(stderr, "timer: %s: %s\n", which, what);
	exit(1);
}

static void *need(void *p)
{
	if (!p)
		die("out of memory", "calloc");
	return p;
}

/* environ without those that extra sets again, and extra. */
static char **with(char **extra, size_t extras)
{
	size_t n = 0, m = 0;
	char **env;

	while (environ[n])
		n++;
	env = need(calloc(n + extras + 1, sizeof(*env)));
	for (size_t i = 0; i < n; i++) {
		size_t name = strcspn(environ[i], "=") + 1;
		bool again = false;

		for (size_t k = 0; k < extras; k++)
			again = again || !strncmp(environ[i], extra[k], name);
		if (!again)
			env[m++] = environ[i];
	}
	for (size_t k = 0; k < extras; k++)
		env[m++] = extra[k];
	return env;
}

/* Takes the words of one program, up to its end or "--". */
static char **take(struct program *p, char **word, size_t rounds)
{
	char **extra;

	p->name = *word++;
	p->in = "/dev/null";
	p->status = -1;
	if (*word && **word == '<')
		p->in = *word++ + 1;
	extra = word;
	while (*word && strchr(*word, '='))
		word++;
	p->env = with(extra, (size_t)(word - extra));
	p->argv = word;
	if (!*word || !strcmp(*word, "--"))
		die("no program", p->name);
	while (*word && strcmp(*word, "--") != 0)
		word++;
	if (*word)
		*word++ = NULL;
	p->ms = need(calloc(rounds, sizeof(*p->ms)));
	return word;
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static double run(struct program *p)
{
	posix_spawn_file_actions_t files;
	struct rusage used;
	double began, took;
	int status, got;
	pid_t pid;

	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_addopen(&files, 0, p->in, O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&files, 1, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_adddup2(&files, 1, 2);
	began = now();
	got = posix_spawn(&pid, p->argv[0], &files, NULL, p->argv, p->env);
	if (got != 0)
		die(strerror(got), p->argv[0]);
	alarm(DEADLINE_S);
	while (wait4(pid, &status, 0, &used) < 0)
		if (errno != EINTR)
			die(strerror(errno), "wait4");
	took = now() - began;
	alarm(0);
	posix_spawn_file_actions_destroy(&files);
	if (p->status >= 0 && p->status != status)
		die("ended otherwise than before", p->name);
	p->status = status;
	if (used.ru_maxrss > p->rss)
		p->rss = used.ru_maxrss;
	return took;
}

static int smaller(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Sorts v. part is 0.5 for the median. */
static double at(double *v, size_t n, double part)
{
	qsort(v, n, sizeof(*v), smaller);
	return v[(size_t)((double)(n - 1) * part + 0.5)];
}

static void report(struct program *p, double *ratio, size_t rounds)
{
	printf("{\"name\":\"%s\",\"rounds\":%zu,\"exit\":%d,", p->name, rounds,
		WIFEXITED(p->status) ? WEXITSTATUS(p->status)
				     : 128 + WTERMSIG(p->status));
	printf("\"ratio\":%.3f,\"ratio_p10\":%.3f,\"ratio_p90\":%.3f,",
		at(ratio, rounds, 0.5), at(ratio, rounds, 0.1),
		at(ratio, rounds, 0.9));
	printf("\"ms\":%.4f,\"ms_p10\":%.4f,\"ms_p90\":%.4f,\"rss_kib\":%ld}\n",
		at(p->ms, rounds, 0.5), at(p->ms, rounds, 0.1),
		at(p->ms, rounds, 0.9), p->rss);
}

/* The same orders in every run: a linear congruence is random enough. */
static void shuffle(size_t *order)
{
	static uint32_t state = 1;

	for (size_t i = count; i > 1; i--) {
		size_t k, swap = order[i - 1];

		state = state * 1664525u + 1013904223u;
		k = (state >> 8) % i;
		order[i - 1] = order[k];
		order[k] = swap;
	}
}

static void measure(size_t rounds)
{
	double *ratio = need(calloc(count * rounds, sizeof(*ratio)));
	size_t order[PROGRAMS_MAX];

	for (size_t i = 0; i < count; i++)
		order[i] = i;
	for (size_t r = 0; r < rounds + WARM_UP; r++) {
		shuffle(order);
		for (size_t i = 0; i < count; i++) {
			struct program *p = &programs[order[i]];
			double took = run(p);

			if (r >= WARM_UP)
				p->ms[r - WARM_UP] = took;
		}
	}
	for (size_t i = 0; i < count; i++)
		for (size_t r = 0; r < rounds; r++)
			ratio[i * rounds + r] =
				programs[i].ms[r] / programs[0].ms[r];
	for (size_t i = 0; i < count; i++)
		report(&programs[i], ratio + i * rounds, rounds);
	free(ratio);
}

int main(int argc, char **argv)
{
	char **word = argv + 3;
	long rounds;

	if (argc < 5 || strcmp(argv[1], "-n") != 0) {
		fprintf(stderr, "usage: timer -n rounds name [<stdin] "
				"[variable=value]... program [argument]... "
				"[-- name ...]\n");
		return 2;
	}
	rounds = strtol(argv[2], NULL, 10);
	if (rounds < 1 || rounds > ROUNDS_MAX)
		die("not a number of rounds", argv[2]);
	while (*word) {
		if (count == PROGRAMS_MAX)
			die("too many programs", *word);
		word = take(&programs[count++], word, (size_t)rounds);
	}
	measure((size_t)rounds);
	return 0;
}
