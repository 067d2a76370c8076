# Records what lavaan prints and estimates for the data of test_report.py:
#   Rscript summary.R data.csv summary.txt
suppressMessages(library(lavaan))
args <- commandArgs(trailingOnly = TRUE)
data <- read.csv(args[1])
model <- '
f =~ a + b + c + d
f ~ p*arm
out ~ q*f + r*arm
indirect := p*q
'
fit <- sem(model, data, estimator = "MLR")
sink(args[2])
summary(fit, fit.measures = TRUE, standardized = TRUE, rsquare = TRUE)
sink()
