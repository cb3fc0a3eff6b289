#include "transport/ssh_config_word.h"

#include "tests/unit/unit.h"

/* A line, its keyword, and its words, each ended by '|'. */
static const struct {
	const char *line, *keyword, *words;
} good[] = {
	{ "User me", "User", "me|" },
	{ " \tUser\t me \t\r", "User", "me|" },
	{ "User=me", "User", "me|" },
	{ "User = me", "User", "me|" },
	{ "User =me", "User", "me|" },
	{ "User= me", "User", "me|" },
	{ "User ==me", "User", "=me|" },
	{ "User = = me", "User", "=|me|" },
	{ "\"User\" me", "User", "me|" },
	{ "\"User\"=me", "User", "=me|" },
	{ "\"Us er\" me", "Us er", "me|" },
	{ "Us\"er\"me", "User", "me|" },
	{ "a b c\td", "a", "b|c|d|" },
	{ "a \"b c\" d", "a", "b c|d|" },
	{ "a 'b c' d", "a", "b c|d|" },
	{ "a b\"c d\"e", "a", "bc de|" },
	{ "a \"b'c\" 'd\"e'", "a", "b'c|d\"e|" },
	{ "a ''", "a", "|" },
	{ "a '' b", "a", "|b|" },
	{ "a b\\ c", "a", "b c|" },
	{ "a \"b\\ c\"", "a", "b\\ c|" },
	{ "a b\\\"c \\'d \\\\e \\f", "a", "b\"c|'d|\\e|\\f|" },
	{ "a \"b\\\"c\" 'd\\'e'", "a", "b\"c|d'e|" },
	{ "a b\\", "a", "b\\|" },
	{ "a b # c", "a", "b|" },
	{ "a b#c", "a", "b#c|" },
	{ "a # b", "a", "" },
	{ "a # \"b", "a", "" },
	{ "a '#' b", "a", "#|b|" },
	{ "a b\f", "a", "b|" },
	{ "a b\rc", "a", "b\rc|" },
	{ "#a b", NULL, NULL },
	{ "  # a b", NULL, NULL },
	{ "", NULL, NULL },
	{ " \t\r\f", NULL, NULL },
};

static void test_good(void **state)
{
	struct buf keyword, word;

	(void)state;
	buf_init(&keyword, SSH_CONFIG_WORD_KEYWORD_MAX);
	buf_init(&word, 64);
	for (size_t i = 0; i < COUNT(good); i++) {
		struct slice line = slice_of(good[i].line);
		char words[128] = "";
		int got;

		got = ssh_config_word_keyword(&line, &keyword, NULL);
		ROW(good[i].line, got == !!good[i].keyword);
		if (!got)
			continue;
		ROW(good[i].line, !strcmp(keyword.ptr, good[i].keyword));
		while ((got = ssh_config_word_next(&line, &word, NULL)) == 1) {
			strncat(words, word.ptr, 50);
			strcat(words, "|");
		}
		ROW(good[i].line, got == 0 && !line.len);
		ROW(good[i].line, !strcmp(words, good[i].words));
	}
	buf_release(&keyword);
	buf_release(&word);
}

static void test_bad(void **state)
{
	static const struct {
		const char *line;
		size_t len;
	} bad[] = {
#define LINE(s) { s, sizeof(s) - 1 }
		LINE("User"),
		LINE("User="),
		LINE("User = "),
		LINE("\"User\""),
		LINE("User \"x"),
		LINE("User x'"),
		LINE("User \"x'"),
		LINE("User 'x\\'"),
		LINE("\"User x"),
		LINE("User\" x"),
		LINE("=x"),
		LINE("= x y"),
		LINE("User x\0y"),
		LINE("a\0 x"),
		LINE("sixty-five-sixty-five-sixty-five-sixty-five-"
		     "sixty-five-sixty-five x"),
#undef LINE
	};
	struct buf keyword;

	(void)state;
	buf_init(&keyword, SSH_CONFIG_WORD_KEYWORD_MAX);
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct slice line = { bad[i].line, bad[i].len };
		struct error err = ERROR_INIT;

		ROW(bad[i].line,
			ssh_config_word_keyword(&line, &keyword, &err) == -1);
		ROW(bad[i].line, err.kind == ERROR_INPUT && err.text[0]);
	}
	buf_release(&keyword);
}

static void test_long(void **state)
{
	struct slice rest = slice_of("abcde fg");
	struct error err = ERROR_INIT;
	struct buf word;

	(void)state;
	buf_init(&word, 4);
	assert_int_equal(ssh_config_word_next(&rest, &word, &err), -1);
	assert_int_equal(err.kind, ERROR_MEMORY);
	buf_release(&word);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_long),
	};

	return unit_run("ssh_config_word", tests, COUNT(tests), NULL, NULL);
}
