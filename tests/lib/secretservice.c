/*
 * secretservice: look into a keyring, and put things into it, by another way
 * than the program's.
 *
 *	secretservice list
 *		an item a line, in the order made: LABEL, name=value … (by
 *		name), time of change and secret, with a tab between
 *
 *	secretservice add SECRET name=value…
 *		an item; a SECRET of "@N" is N bytes of 'x'
 *
 *	secretservice lock
 *		lock the collection
 *
 *	secretservice nodefault
 *		have no default collection
 *
 *	secretservice hold NAME
 *		own that name on the bus for a second; says so
 *
 * In the default collection, or the one of the alias $KEYRING_COLLECTION. A LF
 * in a secret is shown as "|", and written for one.
 */
#define SECRET_API_SUBJECT_TO_CHANGE
#include <libsecret/secret.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What ends at once frees nothing: LeakSanitizer is not to look. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "detect_leaks=0";
}

static void check(const GError *error)
{
	if (!error)
		return;
	fprintf(stderr, "secretservice: %s\n", error->message);
	exit(1);
}

static SecretService *service(void)
{
	GError *error = NULL;
	SecretService *s = secret_service_get_sync(
		SECRET_SERVICE_OPEN_SESSION | SECRET_SERVICE_LOAD_COLLECTIONS,
		NULL, &error);

	check(error);
	return s;
}

static SecretCollection *collection(SecretService *s)
{
	const char *alias = getenv("KEYRING_COLLECTION");
	GError *error = NULL;
	SecretCollection *c = secret_collection_for_alias_sync(s,
		alias ? alias : SECRET_COLLECTION_DEFAULT,
		SECRET_COLLECTION_LOAD_ITEMS, NULL, &error);

	check(error);
	if (!c)
		exit(1);
	return c;
}

static void show_attributes(GHashTable *attributes)
{
	GList *names = g_list_sort(
		g_hash_table_get_keys(attributes), (GCompareFunc)strcmp);

	for (GList *n = names; n; n = n->next)
		printf("%s%s=%s", n == names ? "" : " ", (char *)n->data,
			(char *)g_hash_table_lookup(attributes, n->data));
	g_list_free(names);
}

static void show_secret(SecretItem *item)
{
	SecretValue *v = secret_item_get_secret(item);
	gsize n = 0;
	const char *text = v ? secret_value_get(v, &n) : NULL;

	for (gsize i = 0; i < n; i++)
		putchar(text[i] == '\n' ? '|' : text[i]);
	putchar('\n');
}

static int by_path(const void *a, const void *b)
{
	const char *x =
		strrchr(g_dbus_proxy_get_object_path((GDBusProxy *)a), '/') + 1;
	const char *y =
		strrchr(g_dbus_proxy_get_object_path((GDBusProxy *)b), '/') + 1;

	return atoi(x) - atoi(y);
}

static int list(SecretService *s)
{
	GList *items = g_list_sort(
		secret_collection_get_items(collection(s)), by_path);

	for (GList *i = items; i; i = i->next) {
		SecretItem *item = i->data;

		secret_item_load_secret_sync(item, NULL, NULL);
		printf("%s\t", secret_item_get_label(item));
		show_attributes(secret_item_get_attributes(item));
		printf("\t%llu\t",
			(unsigned long long)secret_item_get_modified(item));
		show_secret(item);
	}
	return 0;
}

static int add(SecretService *s, int argc, char **argv)
{
	GHashTable *a = g_hash_table_new(g_str_hash, g_str_equal);
	char *secret = argv[0];
	GError *error = NULL;
	SecretValue *v;

	for (int i = 1; i < argc; i++) {
		char *equals = strchr(argv[i], '=');

		*equals = '\0';
		g_hash_table_insert(a, argv[i], equals + 1);
	}
	if (*secret == '@')
		secret = g_strnfill((gsize)atoi(secret + 1), 'x');
	for (char *c = secret; *c; c++)
		if (*c == '|')
			*c = '\n';
	v = secret_value_new(secret, -1, "plain/text");
	secret_item_create_sync(collection(s), NULL, a, "added", v,
		SECRET_ITEM_CREATE_NONE, NULL, &error);
	check(error);
	return 0;
}

static int lock(SecretService *s)
{
	GList *one = g_list_append(NULL, collection(s));
	GError *error = NULL;
	int n = secret_service_lock_sync(s, one, NULL, NULL, &error);

	check(error);
	return n != 1;
}

static int no_default(SecretService *s)
{
	GError *error = NULL;

	secret_service_set_alias_sync(s, "default", NULL, NULL, &error);
	check(error);
	return 0;
}

static int hold(const char *name)
{
	g_bus_own_name(G_BUS_TYPE_SESSION, name, G_BUS_NAME_OWNER_FLAGS_NONE,
		NULL, NULL, NULL, NULL, NULL);
	for (int i = 0; i < 100; i++) {
		g_main_context_iteration(NULL, FALSE);
		g_usleep(10000);
		if (i == 10)
			puts("held");
		fflush(stdout);
	}
	return 0;
}

int main(int argc, char **argv)
{
	if (argc < 2)
		return 2;
	if (!strcmp(argv[1], "hold") && argc == 3)
		return hold(argv[2]);
	if (!strcmp(argv[1], "list"))
		return list(service());
	if (!strcmp(argv[1], "add") && argc > 2)
		return add(service(), argc - 2, argv + 2);
	if (!strcmp(argv[1], "lock"))
		return lock(service());
	if (!strcmp(argv[1], "nodefault"))
		return no_default(service());
	return 2;
}
