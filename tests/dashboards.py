"""Prints, as JSON, what TensorBoard and MLflow read: dashboards.py LOGDIR MLRUNS"""

import json
import os
import sys

os.environ["MLFLOW_ALLOW_FILE_STORE"] = "true"  # from version 3.13 on MLflow asks for it

from google.protobuf.json_format import MessageToDict
from mlflow.entities import ViewType
from mlflow.tracking import MlflowClient
from tensorboard.backend.event_processing.event_multiplexer import EventMultiplexer
from tensorboard.plugins.hparams import metadata

logdir, mlruns = sys.argv[1:]

boards = {}
multiplexer = EventMultiplexer(size_guidance={"scalars": 0, "tensors": 0})
multiplexer.AddRunsFromDirectory(logdir)
multiplexer.Reload()
for run in multiplexer.Runs():
    accumulator = multiplexer.GetAccumulator(run)
    scalars = {
        tag: [[e.step, e.value] for e in accumulator.Scalars(tag)]
        for tag in accumulator.Tags()["scalars"]
    }
    plugin = accumulator.SummaryMetadata(metadata.SESSION_START_INFO_TAG).plugin_data
    start = metadata.parse_session_start_info_plugin_data(plugin.content)
    plugin = accumulator.SummaryMetadata(metadata.SESSION_END_INFO_TAG).plugin_data
    end = metadata.parse_session_end_info_plugin_data(plugin.content)
    boards[run] = {
        "metrics": scalars,
        "settings": {k: MessageToDict(v) for k, v in start.hparams.items()},
        "status": end.status,
        "ended": end.end_time_secs,
    }

flows = {}
client = MlflowClient(tracking_uri=mlruns)
names = []
for experiment in client.search_experiments():
    names.append(experiment.name)
    for run in client.search_runs([experiment.experiment_id], run_view_type=ViewType.ALL):
        flows[run.info.run_name] = {
            "experiment": experiment.name,
            "metrics": {
                key: [[m.step, m.value] for m in client.get_metric_history(run.info.run_id, key)]
                for key in run.data.metrics
            },
            "settings": run.data.params,
            "tags": run.data.tags,
            "status": run.info.status,
            "ended": run.info.end_time,
            "artifacts": [a.path for a in client.list_artifacts(run.info.run_id)],
        }

# A user adds a tag, and a run without an experiment.
for experiment in client.search_experiments():
    for run in client.search_runs([experiment.experiment_id]):
        client.set_tag(run.info.run_id, "note", "ours")
client.create_run("0")

json.dump({"tensorboard": boards, "mlflow": flows, "experiments": names}, sys.stdout)
