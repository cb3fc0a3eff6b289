/* What every program pays: the kernel's exec, ld.so and libc. */
int main(void)
{
	return 0;
}
