# refuse_to_look_up(NN_name "MM_other;...") stops CMake when a stage uses one that is not below it.
function(refuse_to_look_up name uses)
  string(SUBSTRING ${name} 0 2 height)
  foreach(lower IN LISTS uses)
    string(SUBSTRING ${lower} 0 2 lower_height)
    if(NOT lower_height LESS height)
      message(FATAL_ERROR "stage ${name} may not use stage ${lower}: "
                          "a stage uses common/, reference/ and the stages below it")
    endif()
  endforeach()
endfunction()
