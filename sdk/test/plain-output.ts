/** The programs that tests start write plain text, whatever the terminal of the tests wants. */

delete process.env.FORCE_COLOR;
