# Fit every case of a folder with lavaan; called by test_live_lavaan.py, one process for all.
# <case>.R assigns `call` (a list of arguments) and `fun`; <case>.data.csv holds the cases.
suppressMessages(library(lavaan))
folder <- commandArgs(trailingOnly = TRUE)[1]
for (file in list.files(folder, pattern = "[.]R$", full.names = TRUE)) {
  stem <- sub("[.]R$", "", file)
  source(file, local = TRUE)
  call$data <- read.csv(paste0(stem, ".data.csv"))
  fit <- do.call(fun, c(call, list(em.h1.iter.max = 5000L, em.h1.tol = 1e-10)))
  table <- as.data.frame(parameterEstimates(fit, standardized = TRUE))
  if (is.null(table$group)) table$group <- 1L
  if (!is.null(table$level)) table$group <- table$level
  table <- table[c("lhs", "op", "rhs", "group", "est", "se", "std.all")]
  for (name in c("est", "se", "std.all")) table[[name]] <- sprintf("%.17g", table[[name]])
  write.csv(table, paste0(stem, ".estimates.csv"), row.names = FALSE, quote = FALSE)
  found <- fitMeasures(fit)
  measures <- data.frame(name = names(found), value = sprintf("%.17g", found))
  write.csv(measures, paste0(stem, ".measures.csv"), row.names = FALSE, quote = FALSE)
}
