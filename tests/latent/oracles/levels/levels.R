# Fit the two-level cases of a folder with lavaan and write every number, one a row:
#   Rscript levels.R FOLDER_WITH_DATA FILE_TO_WRITE
# Run once with lavaan 0.6-14 for levels.csv; test_levels_lavaan.py runs it again where it can.
suppressMessages(library(lavaan))
where <- commandArgs(trailingOnly = TRUE)
block <- "
level: 1
f =~ a + b + c + d
f ~ x
level: 2
u =~ a + b + c + d
u ~ z
"
found <- NULL
keep <- function(case, what, key, value) {
  found <<- rbind(found, data.frame(case, what, key, value = sprintf("%.12g", value)))
}
measures <- c("npar", "df", "chisq", "logl", "unrestricted.logl", "baseline.chisq", "cfi",
              "rmsea", "srmr_within", "srmr_between", "ntotal", "aic", "bic")
ends <- function(t) {
  swap <- t$op == "~~" & t$lhs > t$rhs
  paste0(ifelse(swap, t$rhs, t$lhs), t$op, ifelse(swap, t$lhs, t$rhs))
}
record <- function(case, fit) {
  t <- as.data.frame(parTable(fit))
  t <- t[t$op %in% c("=~", "~", "~~", "~1") & !(t$exo == 1 & t$op != "~"), ]
  if (is.null(t$group)) t$group <- 1
  key <- paste(ends(t), t$level, match(t$group, unique(t$group)), sep = "|")
  keep(case, "est", key, t$est)
  keep(case, "se", key, t$se)
  m <- fitMeasures(fit, measures)
  keep(case, "measure", names(m), m)
}
residue <- function(case, fit) {
  r <- residuals(fit)
  for (k in 1:2) {
    S <- r[[k]]$cov
    at <- which(lower.tri(S, diag = TRUE), arr.ind = TRUE)
    a <- rownames(S)[at[, 2]]
    b <- rownames(S)[at[, 1]]
    key <- paste0(ifelse(a > b, b, a), "~~", ifelse(a > b, a, b), "|", k)
    keep(case, "residual", key, S[at])
  }
}
steps <- list(rel.tol = 1e-10)
run <- function(model, data, ...) {
  sem(model, data, cluster = "school", control = steps, em.h1.iter.max = 5000L,
      em.h1.tol = 1e-10, ...)
}
two <- read.csv(file.path(where[1], "complete.csv"))
fit <- run(block, two)
record("complete", fit)
residue("complete", fit)
t <- modindices(fit)
key <- paste(ends(t), t$level, sep = "|")
keep("complete", "mi", key, t$mi)
keep("complete", "epc", key, t$epc)
keep("complete", "sepc.all", key, t$sepc.all)
# Factor scores without the covariate of the second level, whose values 0.6-14 takes as zero.
fit <- run(sub("u ~ z", "", block), two)
record("bare", fit)
for (k in 1:2) {
  s <- lavPredict(fit, level = k)
  keep("bare", paste0("score", k), as.character(seq_len(nrow(s)) - 1), s[, 1])
}
record("groups", run(paste0("group: s\n", block, "group: n\n", block), two, group = "site"))
gaps <- read.csv(file.path(where[1], "gaps.csv"))
fit <- run(block, gaps, missing = "ml")
record("gaps", fit)
residue("gaps", fit)
write.csv(found, where[2], row.names = FALSE, quote = FALSE)
