/** Makes programs that tests start write plain text on any terminal. */

delete process.env.FORCE_COLOR;
