#include "helper/source/source.h"

#include "helper/source/source_netrc.h"

#include <string.h>

static const struct source *const source_table[] = {
	&source_netrc,
};

const char *source_outcome_text(enum source_outcome outcome)
{
	static const char *const text[] = {
		[SOURCE_FOUND] = "found",
		[SOURCE_PARTIAL] = "partial",
		[SOURCE_MISS] = "miss",
		[SOURCE_UNAVAILABLE] = "unavailable",
		[SOURCE_DENIED] = "denied",
	};

	return text[outcome];
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
