# What the project stands on, found where the system has it; nothing is downloaded.

find_package(fmt REQUIRED)
find_package(CLI11 REQUIRED)
find_package(nlohmann_json 3.10 REQUIRED)
find_package(ZLIB REQUIRED)
find_package(Threads REQUIRED)
find_package(Eigen3 3.4 REQUIRED NO_MODULE)
find_package(Catch2 REQUIRED)  # 2 as in Debian 12, or 3: common/check/catch.hpp knows both

include(numpy_python)
find_python_with_numpy(NT_PYTHON)  # the interpreter that reference/ reads the frozen files with
set(Python_EXECUTABLE ${NT_PYTHON})
find_package(Python REQUIRED COMPONENTS Interpreter Development.Embed)
set(PYBIND11_FINDPYTHON ON)
find_package(pybind11 2.6 REQUIRED CONFIG)
