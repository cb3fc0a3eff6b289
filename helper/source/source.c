#include "helper/source/source.h"

#include "helper/source/source_keyring.h"
#include "helper/source/source_netrc.h"

#include <string.h>

static const struct source *const source_table[] = {
	&source_netrc,
	&source_keyring,
};

static const char *const source_words[SOURCE_OUTCOMES] = {
	[SOURCE_FOUND] = "found",
	[SOURCE_CHANGED] = "changed",
	[SOURCE_UNCHANGED] = "unchanged",
	[SOURCE_PARTIAL] = "partial",
	[SOURCE_MISS] = "miss",
	[SOURCE_ABSENT] = "absent",
	[SOURCE_UNAVAILABLE] = "unavailable",
	[SOURCE_TIMEOUT] = "timed out",
	[SOURCE_LOCKED] = "locked",
	[SOURCE_DENIED] = "denied",
};

const char *source_outcome_text(enum source_outcome outcome)
{
	return source_words[outcome];
}

bool source_outcome_parse(struct slice word, enum source_outcome *outcome)
{
	for (int i = 0; i < SOURCE_OUTCOMES; i++)
		if (slice_is(word, source_words[i])) {
			*outcome = (enum source_outcome)i;
			return true;
		}
	return false;
}

void source_answer_init(struct source_answer *a)
{
	record_init(&a->record);
	buf_init(&a->place, 8192);
}

void source_answer_release(struct source_answer *a)
{
	record_release(&a->record);
	buf_release(&a->place);
}

void source_answer_reset(struct source_answer *a)
{
	record_reset(&a->record);
	buf_reset(&a->place);
}

const struct source *source_find(const char *name)
{
	for (size_t i = 0; i < sizeof(source_table) / sizeof(source_table[0]);
		i++)
		if (!strcmp(source_table[i]->name, name))
			return source_table[i];
	return NULL;
}
