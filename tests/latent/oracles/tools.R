# Makes tools_oracles.csv from tools.csv with lavaan (the version is written into the first line).
# Run in this folder:  Rscript tools.R
suppressMessages(library(lavaan))
d <- read.csv("tools.csv")
out <- list()
put <- function(case, what, key, column, value) {
  out[[length(out) + 1]] <<- data.frame(case, what, key, column, value = as.numeric(value))
}
tight <- list(rel.tol = 1e-13, x.tol = 1e-11)
group_of <- function(t) if (is.null(t$group)) rep(1, nrow(t)) else t$group

indices <- function(case, fit) {
  m <- modificationIndices(fit)
  key <- paste(m$lhs, m$op, m$rhs, group_of(m))
  for (column in c("mi", "epc", "sepc.lv", "sepc.all", "sepc.nox"))
    put(case, "mi", key, column, m[[column]])
}
scores <- function(case, fit, types, rows = 1:12) {
  for (type in types) {
    p <- lavPredict(fit, method = type)
    if (is.list(p)) p <- p[[1]]
    for (k in colnames(p)) put(case, paste0("scores.", type), paste(rows, k), "score", p[rows, k])
  }
}
matrix_of <- function(case, what, m, column) {
  n <- rownames(m)
  for (j in seq_along(n)) for (i in j:length(n))
    put(case, what, paste(n[j], "~~", n[i]), column, m[i, j])
}
resid_of <- function(case, fit, types) {
  for (type in types) {
    r <- lavResiduals(fit, type = type, se = !grepl("ized", type), zstat = !grepl("ized", type), summary = FALSE)
    if (is.null(r$cov)) { names(r) <- sub("cor", "cov", names(r)) }
    w <- paste0("residuals.", type)
    matrix_of(case, w, r$cov, "residual")
    if (!is.null(r$cov.z)) {
      matrix_of(case, w, r$cov.se, "se"); matrix_of(case, w, r$cov.z, "z")
    }
    if (!is.null(r$mean) && !any(is.na(r$mean))) put(case, w, paste(names(r$mean), "~1"), "residual", r$mean)
  }
}
wald <- function(case, fit, text) {
  w <- lavTestWald(fit, constraints = text)
  put(case, "wald", text, c("stat", "df", "p.value"), c(w$stat, w$df, w$p.value))
}
score <- function(case, fit, ...) {
  s <- suppressWarnings(lavTestScore(fit, ...))
  put(case, "score.total", "all", c("X2", "df", "p.value"), unlist(s$test[c("X2", "df", "p.value")]))
  put(case, "score.uni", as.character(seq_len(nrow(s$uni))), "X2", s$uni$X2)
  s <- suppressWarnings(lavTestScore(fit, cumulative = TRUE, ...))$cumulative
  for (column in c("X2", "df", "p.value"))
    put(case, "score.cumulative", as.character(seq_len(nrow(s))), column, s[[column]])
}
two <- "f1 =~ y1 + a*y2 + b*y3\nf2 =~ y4 + c*y5 + y6"
path <- paste(two, "f1 ~ arm\nf2 ~ f1 + arm", sep = "\n")
incomplete <- "f1 =~ m1 + a*m2 + b*m3\nf2 =~ m4 + c*m5 + m6"
ordinal <- "f1 =~ o1 + a*o2 + b*o3\nf2 =~ o4 + c*o5 + o6"
items <- paste0("o", 1:6)

fit <- cfa(two, d, control = tight, optim.force.converged = TRUE)
indices("cfa", fit); scores("cfa", fit, c("regression", "Bartlett"))
resid_of("cfa", fit, c("raw", "cor.bollen", "cor.bentler", "normalized", "standardized"))
wald("cfa", fit, "a == b"); wald("cfa", fit, "a == b; b == c"); wald("cfa", fit, "a*b == c")
score("cfa", fit, add = "f1 =~ y5\ny2 ~~ y5")
fit <- cfa(two, d, estimator = "MLR", control = tight, optim.force.converged = TRUE)
indices("mlr", fit); wald("mlr", fit, "a == b")
resid_of("mlr", fit, c("raw", "cor.bentler"))
fit <- cfa(two, d, meanstructure = TRUE, control = tight, optim.force.converged = TRUE)
resid_of("means", fit, c("raw", "standardized"))
fit <- sem(path, d, control = tight, optim.force.converged = TRUE)
indices("path", fit); scores("path", fit, c("regression", "Bartlett"))
fit <- cfa(gsub("[abc]\\*", "", two), d, group = "g", group.equal = c("loadings", "intercepts"), control = tight, optim.force.converged = TRUE)
indices("groups", fit); score("groups", fit)
scores("groups", fit, c("regression", "Bartlett"))
fit <- cfa("f1 =~ y1 + a*y2 + a*y3\nf2 =~ y4 + a*y5 + y6", d, control = tight, optim.force.converged = TRUE)
score("released", fit, release = 1); indices("released", fit)
fit <- cfa(incomplete, d, missing = "ml", control = tight, optim.force.converged = TRUE)
indices("fiml", fit); scores("fiml", fit, c("regression", "Bartlett"), 1:30); wald("fiml", fit, "a == b")
resid_of("fiml", fit, c("raw"))
fit <- cfa(two, d, estimator = "GLS", control = tight, optim.force.converged = TRUE); indices("gls", fit)
fit <- cfa(ordinal, d, ordered = items, control = tight, optim.force.converged = TRUE)
indices("ordinal", fit); scores("ordinal", fit, c("EBM", "ML")); wald("ordinal", fit, "a == b")
resid_of("ordinal", fit, c("raw", "standardized"))
fit <- cfa(ordinal, d, ordered = items, parameterization = "theta", control = tight, optim.force.converged = TRUE)
indices("theta", fit)
fit <- sem(paste(ordinal, "f1 ~ arm\nf2 ~ f1 + arm", sep = "\n"), d, ordered = items, control = tight, optim.force.converged = TRUE)
indices("arm", fit); scores("arm", fit, "EBM")
fit <- cfa(gsub("[abc]\\*", "", ordinal), d, ordered = items, group = "g", group.equal = "loadings", control = tight, optim.force.converged = TRUE)
indices("ordinal_groups", fit); score("ordinal_groups", fit)
scores("ordinal_groups", fit, "EBM")
fit <- cfa("f1 =~ o1 + o2 + y1 + y2\nf2 =~ o4 + o5 + y4", d, ordered = c("o1", "o2", "o4", "o5"), control = tight, optim.force.converged = TRUE)
indices("mixed", fit); scores("mixed", fit, "EBM")

# PML stops by itself before the tight limits are reached; with them it fails.
estimates <- function(case, fit) {
  p <- parameterEstimates(fit)
  key <- paste(p$lhs, p$op, p$rhs)
  put(case, "estimates", key, "est", p$est); put(case, "estimates", key, "se", p$se)
  m <- fitMeasures(fit)
  for (name in c("chisq", "df", "baseline.chisq", "baseline.chisq.scaled", "baseline.df.scaled"))
    put(case, "measures", name, "value", m[[name]])
}
holes <- d
holes$o2[seq(3, 220, 11)] <- NA
holes$o5[seq(5, 220, 13)] <- NA
estimates("pml", cfa(ordinal, d, ordered = items, estimator = "PML"))
estimates("pml_arm", sem(paste(ordinal, "f1 ~ arm\nf2 ~ f1 + arm", sep = "\n"), d, ordered = items, estimator = "PML"))
estimates("pml_holes", cfa(ordinal, holes, ordered = items, estimator = "PML", missing = "pairwise"))

e <- do.call(rbind, out)
con <- file("tools_oracles.csv", "w")
writeLines(paste0("# lavaan ", packageVersion("lavaan"), ", calls in tools.R"), con)
e$value <- signif(e$value, 12)
write.csv(e, con, row.names = FALSE, quote = TRUE)
close(con)
