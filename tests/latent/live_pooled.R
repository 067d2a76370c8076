# Fit one model to every completed data set of a folder with lavaan, and pool by the textbook's
# formulas written out here; called by test_live_pooled.py. model.txt, restricted.txt, <l>.csv.
suppressMessages(library(lavaan))
folder <- commandArgs(trailingOnly = TRUE)[1]
model <- paste(readLines(file.path(folder, "model.txt")), collapse = "\n")
files <- list.files(folder, pattern = "^[0-9]+[.]csv$", full.names = TRUE)
sets <- lapply(files, read.csv)
m <- length(sets)
fits <- lapply(sets, function(d) sem(model, data = d, meanstructure = TRUE))
n <- nrow(sets[[1]])
q <- fitMeasures(fits[[1]], "npar")
tables <- lapply(fits, parameterEstimates)
Q <- sapply(tables, function(t) t$est)
U <- sapply(tables, function(t) t$se^2)
Qbar <- rowMeans(Q)
Ubar <- rowMeans(U)
B <- apply(Q, 1, var)
riv <- (1 + 1 / m) * B / Ubar
lambda <- riv / (1 + riv)
old <- (m - 1) / lambda^2
com <- n - q
obs <- (com + 1) / (com + 3) * com * (1 - lambda)
df <- 1 / (1 / old + 1 / obs)
fmi <- (riv + 2 / (df + 3)) / (riv + 1)
se <- sqrt(Ubar + (1 + 1 / m) * B)
p <- 2 * pt(-abs(Qbar / se), df)
out <- data.frame(lhs = tables[[1]]$lhs, op = tables[[1]]$op, rhs = tables[[1]]$rhs,
                  est = Qbar, se = se, df = df, pvalue = p, riv = riv, fmi = fmi)
for (name in names(out)[-(1:3)]) out[[name]] <- sprintf("%.15g", out[[name]])
write.csv(out, file.path(folder, "pooled.out"), row.names = FALSE, quote = FALSE)

one <- function(name, F, k, v, r) {
  data.frame(name = name, F = F, df1 = k, df2 = v, riv = r, p = pf(F, k, v, lower.tail = FALSE))
}
d <- sapply(fits, fitMeasures, "chisq")
k <- fitMeasures(fits[[1]], "df")
r2 <- (1 + 1 / m) * var(sqrt(d))
tests <- one("D2", (mean(d) / k - (m + 1) / (m - 1) * r2) / (1 + r2), k,
             k^(-3 / m) * (m - 1) * (1 + 1 / r2)^2, r2)
together <- sem(model, data = do.call(rbind, sets), meanstructure = TRUE)
stacked <- fitMeasures(together, "chisq") / m
r4 <- max(0, (m + 1) / (k * (m - 1)) * (mean(d) - stacked))
tests <- rbind(tests, one("D4", stacked / (k * (1 + r4)), k, k * (m - 1) * (1 + 1 / r4)^2, r4))
# The hypothesis that the labelled paths p and q are both zero, by D1.
at <- sapply(c("p", "q"), function(l) which(coef(fits[[1]]) == coef(fits[[1]])[l]))
v <- sapply(fits, function(f) coef(f)[at])
W <- Reduce(`+`, lapply(fits, function(f) vcov(f)[at, at])) / m
r1 <- (1 + 1 / m) * sum(diag(cov(t(v)) %*% solve(W))) / 2
t <- 2 * (m - 1)
F1 <- drop(t(rowMeans(v)) %*% solve(W) %*% rowMeans(v)) / (2 * (1 + r1))
tests <- rbind(tests, one("D1", F1, 2, 4 + (t - 4) * (1 + (1 - 2 / t) / r1)^2, r1))
for (name in names(tests)[-1]) tests[[name]] <- sprintf("%.15g", tests[[name]])
write.csv(tests, file.path(folder, "tests.out"), row.names = FALSE, quote = FALSE)
