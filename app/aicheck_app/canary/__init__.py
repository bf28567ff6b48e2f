"""The canary: fixed tasks sent to a model on request, answers judged statically, two series compared in pairs."""
