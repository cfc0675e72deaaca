import traceback

BY = [frame.name for frame in traceback.extract_stack()]
