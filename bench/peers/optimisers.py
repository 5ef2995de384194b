"""Optimisers that others wrote, behind one protocol: NDJSON on stdin and stdout, one answer a line.

  {"op": "hello"}                      -> {"python", "peers": [{"name", "version"} | {"name", "absent": why}]}
  {"op": "begin", "peer", "seed", "acquisition", "space": {"columns", "rows"?, "total"?, "margins"?},
   "objectives", "reference"?}         -> {}
  {"op": "tell", "place", "values", "margins"?} -> {}
  {"op": "ask"}                        -> {"place", "seconds"}

Every objective is to be made large; `values` is null for an experiment that failed. A place is a list with a value for
each column, or, when the space has `rows`, the index of a row; a row is never suggested twice. `total` is what the
columns sum to, each between 0 and it; `margins` are Python expressions over columns that are known to be >= 0 where a
setting is allowed. `seconds` counts the ask and the tells before it. An exception answers {"error"} and ends the
campaign only.

An environment, outside the repository:
  python3 -m venv peers && peers/bin/pip install -r bench/peers/optimisers-requirements.txt
  LABLOOP_BENCH_PYTHON=peers/bin/python npm run bench:functions
"""

import os

for threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[threads] = "1"

import json
import math
import platform
import sys
import time
import traceback
import warnings

warnings.filterwarnings("ignore")
answers = sys.stdout
sys.stdout = sys.stderr  # what a library prints is no answer


class Space:
    """Columns, and the rows that may be chosen where there is a table."""

    def __init__(self, columns, rows=None, total=None, margins=()):
        self.columns, self.rows, self.total, self.margins = columns, rows, total, margins
        self.left = None if rows is None else set(range(len(rows)))

    def point(self, place):
        return place if self.rows is None else self.rows[place]

    def used(self, place):
        if self.left is not None:
            self.left.discard(place)


def unit(column, value):
    """A number of a column as a share of its range."""
    span = column["max"] - column["min"]
    return 0.0 if span == 0 else (value - column["min"]) / span


class Campaign:
    """What every peer does alike: failed experiments count as the worst seen, since none of them models failures."""

    def __init__(self, space, request):
        self.space = space
        self.objectives = request["objectives"]
        self.seconds = 0.0
        self.worst = None

    def tell(self, place, values, margins):
        began = time.perf_counter()
        self.space.used(place)
        if values is not None:
            self.worst = values if self.worst is None else [min(a, b) for a, b in zip(self.worst, values)]
        known = self.worst if values is None else values
        if known is not None:
            self.learn(self.space.point(place), known, margins)
        self.seconds += time.perf_counter() - began

    def ask(self):
        began = time.perf_counter()
        place = self.suggest()
        seconds, self.seconds = self.seconds + time.perf_counter() - began, 0.0
        return {"place": place, "seconds": seconds}


class Optuna(Campaign):
    """GPSampler with its defaults. It knows no sum, so shares are -ln(p) / sum, as Optuna's FAQ advises; it knows no
    constraint between settings, so margins are told as outcomes; on a table the suggestion becomes the nearest row."""

    @staticmethod
    def version():
        import optuna
        import torch

        optuna.logging.set_verbosity(optuna.logging.ERROR)
        torch.set_num_threads(1)
        return optuna.__version__

    def __init__(self, space, request):
        super().__init__(space, request)
        import optuna

        self.optuna = optuna
        self.study = optuna.create_study(
            directions=["maximize"] * self.objectives,
            sampler=optuna.samplers.GPSampler(seed=request["seed"]),
        )
        self.distributions = {column["name"]: self.distribution(column) for column in space.columns}

    def distribution(self, column):
        from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

        if column["kind"] == "category":
            return CategoricalDistribution(column["choices"])
        if self.space.total is not None and self.space.rows is None:
            return FloatDistribution(1e-9, 1.0)
        kind = IntDistribution if column["kind"] == "integer" else FloatDistribution
        return kind(column["min"], column["max"])

    def learn(self, point, values, margins):
        shares = self.space.total is not None and self.space.rows is None
        told = [math.exp(-value / self.space.total) for value in point] if shares else point
        self.study.add_trial(
            self.optuna.trial.create_trial(
                params=dict(zip(self.distributions, told)),
                distributions=self.distributions,
                values=values,
                constraints=None if margins is None else {str(i): -m for i, m in enumerate(margins)},
            )
        )

    def suggest(self):
        trial = self.study.ask(fixed_distributions=self.distributions)
        point = [trial.params[name] for name in self.distributions]
        # What was really measured is told as a trial of its own.
        self.study.tell(trial, state=self.optuna.trial.TrialState.FAIL)
        if self.space.rows is not None:
            return min(self.space.left, key=lambda row: self.distance(self.space.rows[row], point))
        if self.space.total is None:
            return point
        parts = [-math.log(p) for p in point]
        return [self.space.total * part / max(sum(parts), 1e-300) for part in parts]

    def distance(self, row, point):
        return sum(
            float(a != b) if column["kind"] == "category" else (unit(column, a) - unit(column, b)) ** 2
            for column, a, b in zip(self.space.columns, row, point)
        )


class BoTorch(Campaign):
    """SingleTaskGP with its defaults on the unit cube, categories one-hot; qLogNEI or LogEI, qLogNEHVI for several
    objectives; every row that is left is scored, or 20 starts are refined from 1024 raw points (Ax's defaults)."""

    @staticmethod
    def version():
        import botorch
        import torch

        torch.set_num_threads(1)
        return botorch.__version__

    def __init__(self, space, request):
        super().__init__(space, request)
        import torch

        torch.manual_seed(request["seed"])
        self.torch = torch
        self.acquisition, self.reference = request["acquisition"], request.get("reference")
        self.x, self.y = [], []
        self.rows = None if space.rows is None else self.tensor([self.encode(row) for row in space.rows])

    def tensor(self, numbers):
        return self.torch.tensor(numbers, dtype=self.torch.double)

    def encode(self, point):
        encoded = []
        for column, value in zip(self.space.columns, point):
            if column["kind"] == "category":
                encoded += [float(value == choice) for choice in column["choices"]]
            else:
                encoded.append(unit(column, value))
        return encoded

    def decode(self, cube):
        return [c["min"] + u * (c["max"] - c["min"]) for c, u in zip(self.space.columns, cube)]

    def learn(self, point, values, margins):
        self.x.append(self.encode(point))
        self.y.append(values)

    def suggest(self):
        x, y = self.tensor(self.x), self.tensor(self.y)
        acquisition = self.score(self.fitted(x, y), x, y)
        if self.rows is None:
            return self.decode(self.continuous(acquisition, x.shape[-1]).tolist())
        left = self.torch.tensor(sorted(self.space.left))
        with self.torch.no_grad():
            scores = self.torch.cat([acquisition(part.unsqueeze(1)) for part in self.rows[left].split(256)])
        return int(left[scores.argmax()])

    def fitted(self, x, y):
        from botorch.exceptions import ModelFittingError
        from botorch.fit import fit_gpytorch_mll
        from botorch.models import SingleTaskGP
        from botorch.models.transforms import Standardize
        from gpytorch.mlls import ExactMarginalLogLikelihood

        model = SingleTaskGP(x, y, outcome_transform=Standardize(m=y.shape[-1]))
        try:
            fit_gpytorch_mll(ExactMarginalLogLikelihood(model.likelihood, model))
        except ModelFittingError:
            model.eval()  # the priors' modes are then what is left to go on with
        return model

    def score(self, model, x, y):
        from botorch.acquisition.analytic import LogExpectedImprovement
        from botorch.acquisition.logei import qLogNoisyExpectedImprovement
        from botorch.acquisition.multi_objective.logei import qLogNoisyExpectedHypervolumeImprovement

        if self.objectives > 1:
            return qLogNoisyExpectedHypervolumeImprovement(
                model, ref_point=self.reference, X_baseline=x, prune_baseline=True
            )
        if self.acquisition == "logei":
            return LogExpectedImprovement(model, best_f=y.max())
        return qLogNoisyExpectedImprovement(model, X_baseline=x, prune_baseline=True)

    def continuous(self, acquisition, dimensions):
        from botorch.optim import optimize_acqf

        bounds = self.tensor([[0.0] * dimensions, [1.0] * dimensions])
        extra = {}
        if self.space.total is not None:
            # Uniform on the simplex, as BoTorch's hit-and-run would draw in 3 s more.
            raw = self.torch.distributions.Dirichlet(self.tensor([1.0] * dimensions)).sample((1024,))
            extra = {
                "equality_constraints": [(self.torch.arange(dimensions), self.tensor([1.0] * dimensions), 1.0)],
                "batch_initial_conditions": self.starts(acquisition, raw),
                "options": {"batch_limit": 5},  # all 20 in one SLSQP problem take twice as long
            }
        if self.space.margins:
            extra = {
                "nonlinear_inequality_constraints": [(self.margin(m), True) for m in self.space.margins],
                "batch_initial_conditions": self.starts(acquisition, self.allowed(dimensions)),
                "options": {"batch_limit": 1},
            }
        best, _ = optimize_acqf(acquisition, bounds, q=1, num_restarts=20, raw_samples=1024, **extra)
        return best[0]

    def margin(self, expression):
        def value(cube):
            names = {c["name"]: c["min"] + cube[..., i] * (c["max"] - c["min"]) for i, c in enumerate(self.space.columns)}
            return eval(expression, {"__builtins__": {}, "sin": self.torch.sin, "cos": self.torch.cos}, names)

        return value

    def allowed(self, dimensions):
        """1024 points that meet the constraints."""
        raw = self.torch.empty(0, dimensions, dtype=self.torch.double)
        engine = self.torch.quasirandom.SobolEngine(dimensions, scramble=True, seed=len(self.x))
        while len(raw) < 1024:
            drawn = engine.draw(65536, dtype=self.torch.double)
            meets = self.torch.stack([self.margin(m)(drawn) >= 0 for m in self.space.margins]).all(0)
            raw = self.torch.cat([raw, drawn[meets]])
        return raw[:1024]

    def starts(self, acquisition, raw):
        """20 of the raw points, chosen as BoTorch does without constraints."""
        from botorch.optim.initializers import initialize_q_batch

        with self.torch.no_grad():
            chosen, _ = initialize_q_batch(raw.unsqueeze(1), acquisition(raw.unsqueeze(1)), 20)
        return chosen


PEERS = {"optuna": Optuna, "botorch": BoTorch}


def presence(name):
    try:
        return {"name": name, "version": PEERS[name].version()}
    except Exception as error:
        return {"name": name, "absent": f"{type(error).__name__}: {error}"}


def main():
    campaign = None
    for line in sys.stdin:
        request, answer = json.loads(line), {}
        try:
            if request["op"] == "hello":
                answer = {"python": platform.python_version(), "peers": [presence(name) for name in PEERS]}
            elif request["op"] == "begin":
                campaign = PEERS[request["peer"]](Space(**request["space"]), request)
            elif request["op"] == "tell":
                campaign.tell(request["place"], request["values"], request.get("margins"))
            else:
                answer = campaign.ask()
        except Exception as error:
            traceback.print_exc()
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), file=answers, flush=True)


main()
