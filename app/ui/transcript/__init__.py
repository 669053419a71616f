"""
The conversation on screen.

view places rows; placement decides where; message_layout turns a message into cells; cells paint
themselves; row is the pooled widget they are painted on; buttons are the only other widgets.
"""
