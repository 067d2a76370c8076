# The ladders of test_over_time.py in lavaan's syntax, written without the library's help.
# Called with the folder that holds continuous.csv, ordinal.csv, binary.csv, mixed.csv, groups.csv;
# writes answers.csv there: case, step, name, value.
suppressMessages(library(lavaan))
folder <- commandArgs(trailingOnly = TRUE)[1]
read <- function(name) read.csv(file.path(folder, paste0(name, ".csv")))
lines <- function(...) paste(..., collapse = "\n")
answers <- NULL

ask <- function(case, data, models, ..., theta = NULL) {
  before <- NULL
  for (step in names(models)) {
    how <- list(model = models[[step]], data = data, meanstructure = TRUE, ...)
    if (!is.null(theta)) how$parameterization <- theta
    fit <- suppressWarnings(do.call("cfa", how))
    m <- fitMeasures(fit)
    wanted <- intersect(c("chisq", "df", "cfi", "rmsea", "srmr", "chisq.scaled", "cfi.scaled",
                          "rmsea.scaled"), names(m))
    found <- c(m[wanted])
    table <- parameterEstimates(fit)
    later <- table[table$lhs == "f2" | (is.null(how$group) == FALSE & table$lhs == "f"), ]
    if (!is.null(how$group)) later <- later[later$group == 2, ]
    for (op in c("~~", "~1")) {
      row <- later[later$op == op & (op == "~1" | later$lhs == later$rhs), ]
      found[paste0("est", op)] <- row$est
      found[paste0("se", op)] <- row$se
    }
    if (!is.null(before)) {
      test <- suppressWarnings(lavTestLRT(before, fit))
      found["diff"] <- test[2, "Chisq diff"]
      found["diff.df"] <- test[2, "Df diff"]
    }
    answers <<- rbind(answers, data.frame(case = case, step = step, name = names(found),
                                          value = sprintf("%.12g", found)))
    before <- fit
  }
}

items <- c("a", "b", "c", "d")
one <- paste0(items, "1"); two <- paste0(items, "2"); three <- paste0(items, "3")
plain <- lines(c("f1 =~ a1 + b1 + c1 + d1", "f2 =~ a2 + b2 + c2 + d2", paste(one, "~~", two)))

# Continuous, twice ------------------------------------------------------------------------------
loads <- lines(c(paste0("f1 =~ l", items, "*", one), paste0("f2 =~ l", items, "*", two),
                 paste(one, "~~", two), "f1 ~~ 1*f1", "f2 ~~ NA*f2"))
ints <- c(paste0(one, " ~ i", items, "*1"), paste0(two, " ~ i", items, "*1"))
means <- c("f1 ~ 0*1", "f2 ~ NA*1")
res <- c(paste0(one, " ~~ r", items, "*", one), paste0(two, " ~~ r", items, "*", two))
ask("continuous", read("continuous"), list(
  configural = plain, metric = loads, scalar = lines(c(loads, ints, means)),
  strict = lines(c(loads, ints, means, res))), std.lv = TRUE)
some <- ints[!grepl("^c", ints)]
ask("partial", read("continuous"), list(
  configural = plain, metric = loads, scalar = lines(c(loads, some, means)),
  strict = lines(c(loads, some, means, res))), std.lv = TRUE, estimator = "MLR")

# Continuous, three times, residuals of neighbouring occasions ----------------------------------
base <- c(paste(one, "~~", two), paste(two, "~~", three))
free3 <- lines(c("f1 =~ a1 + b1 + c1 + d1", "f2 =~ a2 + b2 + c2 + d2", "f3 =~ a3 + b3 + c3 + d3",
                 base))
load3 <- lines(c(paste0("f1 =~ l", items, "*", one), paste0("f2 =~ l", items, "*", two),
                 paste0("f3 =~ l", items, "*", three), base, "f2 ~~ NA*f2", "f3 ~~ NA*f3"))
# b's intercept is free on the third occasion only
int3 <- c(ints, paste0(three, " ~ i", items, "*1")[-2])
mean3 <- c(means, "f3 ~ NA*1")
res3 <- c(res, paste0(three, " ~~ r", items, "*", three))
ask("thrice", read("thrice"), list(
  configural = free3, metric = load3, scalar = lines(c(load3, int3, mean3)),
  strict = lines(c(load3, int3, mean3, res3))), std.lv = TRUE)

# Four categories, twice -------------------------------------------------------------------------
taus <- function(items, k) c(outer(items, seq_len(k), function(x, t)
  paste0(x, "1 | h", x, t, "*t", t, "\n", x, "2 | h", x, t, "*t", t)))
equal <- taus(items, 3)
origin <- paste(two, "~ NA*1")
for (form in c("theta", "delta")) {
  scale <- if (form == "theta") paste0(two, " ~~ NA*", two) else paste0(two, " ~*~ NA*", two)
  thresholds <- lines(c(plain, equal, origin, scale))
  loadings <- lines(c(loads, equal, origin, scale))
  scalar <- lines(c(loads, equal, scale, means))
  steps <- list(configural = plain, thresholds = thresholds, loadings = loadings, scalar = scalar)
  if (form == "theta") steps$strict <- lines(c(loads, equal, means))
  ask(paste0("ordinal-", form), read("ordinal"), steps, std.lv = TRUE, ordered = c(one, two),
      theta = form)
}

# Binary, twice: loadings, thresholds and intercepts together ------------------------------------
free <- paste0(two, " ~~ NA*", two)
ask("binary", read("binary"), list(
  configural = plain, scalar = lines(c(loads, taus(items, 1), free, means)),
  strict = lines(c(loads, taus(items, 1), means))),
  std.lv = TRUE, ordered = c(one, two), theta = "theta")

# a and b of four categories, c binary, d continuous ---------------------------------------------
# The same order of items as elsewhere: lavTestLRT (0.6-14) sets moments side by side by position.
part <- lines(c("f1 =~ la*a1 + lb*b1 + c1 + ld*d1", "f2 =~ la*a2 + lb*b2 + c2 + ld*d2",
                paste(one, "~~", two), "f2 ~~ NA*f2"))
high <- taus(c("a", "b"), 3); low <- taus("c", 1)
float <- c("a2 ~ NA*1", "b2 ~ NA*1"); stretch <- c("a2 ~~ NA*a2", "b2 ~~ NA*b2")
level <- c("d1 ~ i*1", "d2 ~ i*1")
ask("mixed", read("mixed"), list(
  configural = plain, thresholds = lines(c(plain, high, float, stretch)),
  loadings = lines(c(part, high, float, stretch)),
  scalar = lines(c(loads, high, low, stretch, "c2 ~~ NA*c2", level, means)),
  strict = lines(c(loads, high, low, level, means, "d1 ~~ r*d1", "d2 ~~ r*d2"))),
  std.lv = TRUE, ordered = c("a1", "b1", "c1", "a2", "b2", "c2"), theta = "theta")

# Two groups, four categories --------------------------------------------------------------------
both <- function(f) lines(sapply(items, f))
open <- "f =~ a + b + c + d"
tied <- both(function(x) paste0(x, " | c(h", x, "1, h", x, "1)*t1\n", x, " | c(h", x, "2, h", x,
                                "2)*t2\n", x, " | c(h", x, "3, h", x, "3)*t3"))
shift <- both(function(x) paste0(x, " ~ c(0, NA)*1"))
width <- both(function(x) paste0(x, " ~~ c(1, NA)*", x))
alike <- lines("f =~ c(1, 1)*a + c(lb, lb)*b + c(lc, lc)*c + c(ld, ld)*d")
ask("groups", read("groups"), list(
  configural = open, thresholds = lines(c(open, tied, shift, width)),
  loadings = lines(c(alike, tied, shift, width)),
  scalar = lines(c(alike, tied, width, "f ~ c(0, NA)*1")),
  strict = lines(c(alike, tied, "f ~ c(0, NA)*1"))),
  ordered = items, group = "site", theta = "theta")
write.csv(answers, file.path(folder, "answers.csv"), row.names = FALSE, quote = FALSE)
