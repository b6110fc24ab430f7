#pragma once
// What the terminal can show: colours and a redrawn line on a real terminal, plain text elsewhere
// (a file, a pipe) and where the user asked for it with NO_COLOR (https://no-color.org).

namespace nt {

/// True when standard output is a terminal, so that a line may be drawn over.
bool on_terminal();

/// The columns of that terminal; 80 where it does not tell, or there is none.
int terminal_width();

/// True when colours are welcome.
bool colours_welcome();

}  // namespace nt
