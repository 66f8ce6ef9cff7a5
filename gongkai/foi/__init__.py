"""依申请公开: intake, clarification, consultation, fees, replies, remedies."""
