#pragma once
// Wide characters, and opaque structures as this program needs no more of them.
#define _XOPEN_SOURCE_EXTENDED 1
#define NCURSES_OPAQUE 1
#include <locale.h>
#include <ncurses.h>

// What ncurses offers as macros, which Swift does not see.
static inline unsigned int curses_attribute(int bold, int italic, int underline, int reverse) {
  return (bold ? A_BOLD : 0) | (italic ? A_ITALIC : 0) | (underline ? A_UNDERLINE : 0) |
         (reverse ? A_REVERSE : 0);
}
static inline void curses_set_style(unsigned int attributes, short pair) {
  wattr_set(stdscr, attributes, pair, NULL);
}
static inline int curses_rows(void) { return getmaxy(stdscr); }
static inline int curses_columns(void) { return getmaxx(stdscr); }
// Globals of C, read through functions because Swift holds no lock for them.
static inline WINDOW *curses_screen(void) { return stdscr; }
static inline int curses_colours(void) { return COLORS; }

// From term.h, whose hundreds of macros nobody here needs.
extern int setupterm(const char *term, int descriptor, int *error);
extern char *tigetstr(const char *capability);

// Whether the terminal that TERM names is known and can place its cursor; initscr() would end the
// process if not.
static inline int curses_can_draw(int descriptor) {
  int error = 0;
  if (setupterm(NULL, descriptor, &error) != OK) return 0;
  const char *place_cursor = tigetstr("cup");
  return place_cursor != NULL && place_cursor != (const char *)-1;
}
