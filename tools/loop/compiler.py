def explain_build(output, folder): return output
