# A tower is a folder of stages, stage_NN_name, that take the place of the course's own: the learner's
# work/, or one that ./learn has put together. A stage that is not in it comes from the course, built
# upon what the tower has below it. For the tower FOLDER, every stage that is touched has the targets
#   nt_NN_name.FOLDER, stage_NN_name.FOLDER, stage_NN_name_checks.FOLDER
# whose programs lie in bin/FOLDER. Nothing builds them unless asked: unfinished work stays in its room.

set(NT_TOWERS "" CACHE STRING "towers beside work/: folders with stages in the course's place")
set(NT_ALL_TOWERS ${PROJECT_SOURCE_DIR}/work ${NT_TOWERS})

# Configures again when a stage is started or a file vanishes.
foreach(tower IN LISTS NT_ALL_TOWERS)
  file(GLOB ignored CONFIGURE_DEPENDS ${tower}/stage_*/*.?pp)
endforeach()

function(stage_in_tower name tower sources uses links checks)
  cmake_path(GET tower FILENAME tower_name)
  set(folder ${tower}/stage_${name})
  set(lower)
  set(stands_on_tower OFF)
  foreach(used IN LISTS uses)
    if(TARGET nt_${used}.${tower_name})
      list(APPEND lower nt_${used}.${tower_name})
      set(stands_on_tower ON)
    else()
      list(APPEND lower nt_${used})
    endif()
  endforeach()

  if(IS_DIRECTORY ${folder})
    foreach(source IN LISTS sources)
      if(NOT EXISTS ${folder}/${source})
        message(WARNING "${folder}/${source} is missing: there are no targets for this stage")
        return()
      endif()
    endforeach()
    add_stage_library(nt_${name}.${tower_name} ${folder} "${sources}" "${lower};${links}")
    learner_options(nt_${name}.${tower_name})
    target_precompile_headers(nt_${name}.${tower_name} REUSE_FROM nt_learner_headers)
    # Copies, because a source finds the headers beside it first, and those are the course's.
    set(programs ${PROJECT_BINARY_DIR}/towers/${tower_name}/stage_${name})
    foreach(source main.cpp ${checks})
      configure_file(${source} ${programs}/${source} COPYONLY)
    endforeach()
  elseif(stands_on_tower)
    add_stage_library(nt_${name}.${tower_name} ${CMAKE_CURRENT_SOURCE_DIR} "${sources}" "${lower};${links}")
    set(programs ${CMAKE_CURRENT_SOURCE_DIR})
  else()
    return()
  endif()

  set(program stage_${name}.${tower_name})
  add_executable(${program} ${programs}/main.cpp)
  target_link_libraries(${program} PRIVATE nt_${name}.${tower_name} nt_program)
  list(TRANSFORM checks PREPEND ${programs}/)
  add_check_program(stage_${name}_checks.${tower_name} "${checks}" nt_${name}.${tower_name})
  foreach(kind "" _checks)
    set_target_properties(stage_${name}${kind}.${tower_name} PROPERTIES
      OUTPUT_NAME stage_${name}${kind}
      RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin/${tower_name})
  endforeach()
  # Linked in half the time without the lines for a debugger, which the presets debug and asan have.
  target_link_options(stage_${name}_checks.${tower_name} PRIVATE $<$<CONFIG:Release>:-Wl,-S>)
  set_target_properties(
    nt_${name}.${tower_name} ${program} stage_${name}_checks.${tower_name}
    PROPERTIES EXCLUDE_FROM_ALL ON)
endfunction()

# What is not written yet leaves parameters and helpers unused, which is no news. A forgotten return and
# the comma of c[m, n] are errors, and an index past the end of a vector stops the program. -O1, because a learner waits for every build.
function(learner_options library)
  target_compile_options(${library}
    PUBLIC -Werror=return-type -Werror=comma-subscript
      -Wno-unused-parameter -Wno-unused-function -Wno-unused-variable -Wno-unused-but-set-variable
    PRIVATE $<$<CONFIG:Release>:-O1>)
  target_compile_definitions(${library} PRIVATE _GLIBCXX_ASSERTIONS)
endfunction()

# The headers that most sources of a stage include, precompiled once for all that a learner builds.
file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/towers/headers.cpp CONTENT "")
add_library(nt_learner_headers OBJECT EXCLUDE_FROM_ALL ${PROJECT_BINARY_DIR}/towers/headers.cpp)
target_link_libraries(nt_learner_headers PRIVATE nt_common)
learner_options(nt_learner_headers)
target_precompile_headers(nt_learner_headers PRIVATE
  <fmt/format.h> <fmt/ranges.h> <functional>
  ${PROJECT_SOURCE_DIR}/common/core/array.hpp ${PROJECT_SOURCE_DIR}/common/core/errors.hpp)
