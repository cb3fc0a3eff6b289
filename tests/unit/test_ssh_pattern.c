#include "transport/ssh_pattern.h"

#include "tests/unit/unit.h"

static void test_pattern(void **state)
{
	static const struct {
		const char *pattern, *text;
		bool match;
	} rows[] = {
		{ "", "", true },
		{ "", "a", false },
		{ "*", "", true },
		{ "*", "abc", true },
		{ "?", "", false },
		{ "?", "a", true },
		{ "a", "A", false },
		{ "a*c", "abbc", true },
		{ "a*c", "abcb", false },
		{ "a*b*c", "axbxbxc", true },
		{ "*.x", "a.x.x", true },
		{ "*a*", "bab", true },
		{ "**", "a", true },
		{ "a?*", "a", false },
		{ "*?", "a", true },
		{ "[ab]", "a", false },
		{ "*aaaaab", "aaaaaaaaaaaaaaaab", true },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		ROW(rows[i].pattern,
			ssh_pattern_match(slice_of(rows[i].pattern),
				slice_of(rows[i].text)) == rows[i].match);
}

static void test_list(void **state)
{
	static const struct {
		const char *list, *text;
		bool match;
	} rows[] = {
		{ "", "a", false },
		{ "a,b", "b", true },
		{ "a,b", "B", true },
		{ "A*", "abc", true },
		{ "*,!a", "a", false },
		{ "!a,*", "a", false },
		{ "!a,*", "b", true },
		{ "!a", "b", false },
		{ "a,", "a", true },
		{ "!", "a", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		ROW(rows[i].list,
			ssh_pattern_list(slice_of(rows[i].list),
				slice_of(rows[i].text)) == rows[i].match);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pattern),
		cmocka_unit_test(test_list),
	};

	return unit_run("ssh_pattern", tests, COUNT(tests), NULL, NULL);
}
