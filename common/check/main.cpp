// The main of every check program. Catch2 2 compiles its own code here, so this file must not see
// the precompiled header, which has already passed Catch2's include guard.

#define CATCH_CONFIG_RUNNER
#define CATCH_CONFIG_CONSOLE_WIDTH 100
#include "check/catch.hpp"

int main(int argc, char* argv[]) { return Catch::Session().run(argc, argv); }
