# The compiler's settings, the same for every target.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

# Release keeps our own assertions: a broken invariant must not print a wrong number.
set(CMAKE_CXX_FLAGS_RELEASE "-O3 -g1")
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Release or Debug" FORCE)
endif()

option(NT_WARNINGS_AS_ERRORS "a warning stops the build (CI)" OFF)
set(NT_SANITIZE "" CACHE STRING "sanitizers for everything, such as address,undefined")
option(NT_COVERAGE "count which lines run: tools/coverage.py" OFF)

add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor)
# GCC 12 finds an overflow in fmt 9's headers where there is none.
add_compile_options($<$<CXX_COMPILER_ID:GNU>:-Wno-stringop-overflow>)
# a * b + c stays two roundings everywhere: bitwise claims need one order and one rounding.
add_compile_options(-ffp-contract=off)
if(NT_WARNINGS_AS_ERRORS)
  add_compile_options(-Werror)
endif()
if(NT_SANITIZE)
  add_compile_options(-fsanitize=${NT_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${NT_SANITIZE})
endif()
if(NT_COVERAGE)  # everywhere: of an inline function the linker keeps one copy, and any may be it
  add_compile_options(--coverage)
  add_link_options(--coverage)
endif()
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
