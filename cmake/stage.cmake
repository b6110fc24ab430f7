# stage(NN_name SOURCES a.cpp ... [USES MM_other ...] [LINKS library ...]
#       [CHECKS more_checks.cpp ...] [SLOW])
#
# Declares one stage, in its own folder stages/stage_NN_name:
#   nt_NN_name               the library; its headers are seen only by those who use it
#   stage_NN_name            the program, from main.cpp
#   stage_NN_name_checks     its Catch2 checks, from checks.cpp and what CHECKS adds; a test runs them,
#                            and with SLOW another one, labelled slow, those that are tagged [.slow]
# LINKS names what the library needs beside common, reference and lower stages.
#
# The course goes upward only: a stage may use common/, reference/ and the stages below it.
# Naming a stage of its own height or above in USES is refused when CMake configures.
#
# Other towers have the same stages, some of them written by a learner: see towers.cmake.

include(${CMAKE_CURRENT_LIST_DIR}/tower.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/towers.cmake)

add_custom_target(checks)  # builds all check programs of the course and nothing else

function(stage name)
  cmake_parse_arguments(PARSE_ARGV 1 stage "SLOW" "" "SOURCES;USES;LINKS;CHECKS")
  refuse_to_look_up(${name} "${stage_USES}")

  list(TRANSFORM stage_USES PREPEND nt_ OUTPUT_VARIABLE lower)
  add_stage_library(nt_${name} ${CMAKE_CURRENT_SOURCE_DIR} "${stage_SOURCES}"
                    "${lower};${stage_LINKS}")
  add_executable(stage_${name} main.cpp)
  target_link_libraries(stage_${name} PRIVATE nt_${name} nt_program)
  add_checks(stage_${name}_checks SOURCES checks.cpp ${stage_CHECKS} USES nt_${name})
  if(stage_SLOW)
    add_test(NAME stage_${name}_slow COMMAND stage_${name}_checks "[slow]"
             WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
    set_tests_properties(stage_${name}_slow PROPERTIES LABELS slow)
  endif()

  foreach(tower IN LISTS NT_ALL_TOWERS)
    stage_in_tower(${name} ${tower} "${stage_SOURCES}" "${stage_USES}" "${stage_LINKS}"
                   "checks.cpp;${stage_CHECKS}")
  endforeach()
endfunction()

# The library of a stage whose sources lie in folder, upon other libraries: mostly lower stages'.
function(add_stage_library target folder sources libraries)
  list(TRANSFORM sources PREPEND ${folder}/)
  add_library(${target} STATIC ${sources})
  compile_kernels("${sources}")
  target_include_directories(${target} PUBLIC ${folder})
  target_link_libraries(${target} PUBLIC nt_common nt_compare nt_reference ${libraries})
endfunction()

# Files whose names end with _plain.cpp, _avx2.cpp and _avx512.cpp hold kernels. They are compiled with
# -O3 for a learner too, because at -O1 no loop becomes vector code, and without headers that were
# precompiled with other options. The last two are for processors that have these instructions, and no
# other file is: who calls what they hold has asked the processor first.
function(compile_kernels sources)
  set(optimised $<$<CONFIG:Release>:-O3>)
  # GCC 12 takes what its own header leaves undefined on purpose for a mistake.
  set(quiet $<$<CXX_COMPILER_ID:GNU>:-Wno-uninitialized$<SEMICOLON>-Wno-maybe-uninitialized>)
  set(plain ${optimised})
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
    set(avx2 ${optimised} -mavx2 -mfma)
    set(avx512 ${avx2} -mavx512f -mavx512dq ${quiet})
  endif()
  foreach(source IN LISTS sources)
    if(source MATCHES "_(plain|avx2|avx512)\\.cpp$")
      set_source_files_properties(${source} PROPERTIES
        COMPILE_OPTIONS "${${CMAKE_MATCH_1}}" SKIP_PRECOMPILE_HEADERS ON)
    endif()
  endforeach()
endfunction()

# add_checks(NAME SOURCES x.cpp ... USES library ...): a Catch2 program, run as the test NAME.
function(add_checks name)
  cmake_parse_arguments(PARSE_ARGV 1 checks "" "" "SOURCES;USES")
  add_check_program(${name} "${checks_SOURCES}" "${checks_USES}")
  add_test(NAME ${name} COMMAND ${name} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  set_tests_properties(${name} PROPERTIES LABELS check)
  add_dependencies(checks ${name})
endfunction()

function(add_check_program target sources libraries)
  add_executable(${target} ${sources})
  target_link_libraries(${target} PRIVATE nt_check ${libraries})
  target_precompile_headers(${target} REUSE_FROM nt_check)
endfunction()
