# stage(NN_name SOURCES a.cpp ... [USES MM_other ...] [CHECKS more_checks.cpp ...])
#
# Declares one stage, in its own folder stages/stage_NN_name:
#   nt_NN_name               the library; its headers are seen only by those who use it
#   stage_NN_name            the program, from main.cpp
#   stage_NN_name_checks     its Catch2 checks, from checks.cpp and what CHECKS adds; a test runs them
#
# The tower goes upward only: a stage may use common/, reference/ and the stages below it.
# Naming a stage of its own height or above in USES is refused when CMake configures.

include(${CMAKE_CURRENT_LIST_DIR}/tower.cmake)

function(stage name)
  cmake_parse_arguments(PARSE_ARGV 1 stage "" "" "SOURCES;USES;CHECKS")
  refuse_to_look_up(${name} "${stage_USES}")

  add_library(nt_${name} STATIC ${stage_SOURCES})
  target_include_directories(nt_${name} PUBLIC ${CMAKE_CURRENT_SOURCE_DIR})
  target_link_libraries(nt_${name} PUBLIC nt_common nt_reference)
  foreach(lower IN LISTS stage_USES)
    target_link_libraries(nt_${name} PUBLIC nt_${lower})
  endforeach()

  add_executable(stage_${name} main.cpp)
  target_link_libraries(stage_${name} PRIVATE nt_${name} nt_program)

  add_checks(stage_${name}_checks SOURCES checks.cpp ${stage_CHECKS} USES nt_${name})
endfunction()

add_custom_target(checks)  # builds all check programs and nothing else

# add_checks(NAME SOURCES x.cpp ... USES library ...): a Catch2 program, run as the test NAME.
function(add_checks name)
  cmake_parse_arguments(PARSE_ARGV 1 checks "" "" "SOURCES;USES")
  add_executable(${name} ${checks_SOURCES})
  target_link_libraries(${name} PRIVATE nt_check ${checks_USES})
  target_precompile_headers(${name} REUSE_FROM nt_check)
  add_test(NAME ${name} COMMAND ${name} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  set_tests_properties(${name} PROPERTIES LABELS check)
  add_dependencies(checks ${name})
endfunction()
