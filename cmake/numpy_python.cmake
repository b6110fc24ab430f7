# find_python_with_numpy(VARIABLE) sets VARIABLE to a python3 that can import numpy and that programs
# can embed. The first python3 on PATH is often neither, so every python3 on PATH and in the usual
# places is asked in turn. Name one yourself with -DNT_PYTHON=/path/to/python3.

function(find_python_with_numpy variable)
  if(${variable})
    set(candidates ${${variable}})
  else()
    string(REPLACE ":" ";" folders "$ENV{PATH}:/usr/bin:/usr/local/bin:/opt/homebrew/bin")
    list(TRANSFORM folders APPEND /python3 OUTPUT_VARIABLE candidates)
    list(REMOVE_DUPLICATES candidates)
  endif()

  # What is missing, one word each, or nothing: the embedding needs Python.h and the shared library.
  set(question [[
import importlib.util, os, sysconfig
missing = []
if importlib.util.find_spec("numpy") is None: missing.append("numpy")
if not os.path.exists(os.path.join(sysconfig.get_paths()["include"], "Python.h")):
    missing.append("Python.h")
print(",".join(missing))
]])
  set(report "")
  foreach(candidate IN LISTS candidates)
    if(NOT EXISTS ${candidate})
      continue()
    endif()
    execute_process(COMMAND ${candidate} -c "${question}" OUTPUT_VARIABLE missing
                    OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failed)
    if(failed)
      string(APPEND report "\n  ${candidate}: does not run")
    elseif(missing)
      string(APPEND report "\n  ${candidate}: lacks ${missing}")
    else()
      set(${variable} ${candidate} CACHE FILEPATH "a python3 that owns numpy and can be embedded")
      return()
    endif()
  endforeach()
  message(FATAL_ERROR "no python3 with numpy and its headers: install python3-numpy and python3-dev, "
                      "or name one with -D${variable}=/path/to/python3. Asked:${report}")
endfunction()
